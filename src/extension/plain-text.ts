/** Text that a person wrote, for places of VS Code that have markup of their own. Without `vscode`, to be tested. */

/** For notifications, which turn `[text](command:…)` into a link that runs the command. */
export function noticeText(text: string): string {
  return text.replaceAll('](', ']\u200b(');
}

/** For labels of lists and trees, which turn `$(name)` into an icon. */
export function labelText(text: string): string {
  return text.replaceAll('$(', '\\$(');
}
