import { noticeText } from './plain-text';

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The message for a notification: it may quote a scenario. */
export function noticeOf(error: unknown): string {
  return noticeText(messageOf(error));
}
