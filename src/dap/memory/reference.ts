/**
 * Memory references: they identify the memory of a row. Clients return them unchanged, with an offset. A plain number,
 * as people type it, is a guest physical address of the current VM.
 */
import { hex } from '../../outcome';
import { bytesOf } from '../../simulator';
/** An address space; addresses are in bytes. */
export type Space =
  /** Guest physical memory; of the current VM if none is named. */
  | { readonly kind: 'gpa'; readonly vm: number | null }
  /** A guest_memfd, by its number, because names can be reused. */
  | { readonly kind: 'file'; readonly file: number }
  /** The VMM's userspace memory of a slot. */
  | { readonly kind: 'memory'; readonly slot: number; readonly vm: number | null }
  /** Physical memory of the host. */
  | { readonly kind: 'host' };

export interface MemoryPlace {
  readonly space: Space;
  readonly address: bigint;
}

function vmText(vm: number | null): string {
  return vm === null ? '' : `vm${vm}.`;
}

function spaceText(space: Space): string {
  switch (space.kind) {
    case 'gpa':
      return `${vmText(space.vm)}gpa`;
    case 'file':
      return `file${space.file}`;
    case 'memory':
      return `${vmText(space.vm)}memory${space.slot}`;
    default:
      return 'host';
  }
}

/** The reference of a page of a space. */
export function memoryReference(space: Space, page: number): string {
  return `${spaceText(space)}:${hex(bytesOf(page))}`;
}

const REFERENCE =
  /^(?:(?:(?:vm(?<vm>\d{1,9})\.)?(?:gpa|memory(?<slot>\d{1,10}))|file(?<file>\d{1,9})|(?<host>host)):)?(?<address>0x[\da-f]{1,16}|\d{1,20})$/i;

/** The address that a reference stands for; null if it is invalid. */
export function placeOfReference(reference: string): MemoryPlace | null {
  const parts = REFERENCE.exec(reference)?.groups;
  return parts?.address === undefined ? null : { space: spaceOf(parts), address: BigInt(parts.address) };
}

function spaceOf({ vm: named, file, slot, host }: Readonly<Record<string, string | undefined>>): Space {
  const vm = named === undefined ? null : Number(named);
  if (file !== undefined) return { kind: 'file', file: Number(file) };
  if (slot !== undefined) return { kind: 'memory', slot: Number(slot), vm };
  if (host !== undefined) return { kind: 'host' };
  return { kind: 'gpa', vm };
}
