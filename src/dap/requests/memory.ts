/** `readMemory`: for hex viewers, which pass the memory references of rows. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { hex } from '../../outcome';
import { hostedVm, stateOf } from '../../simulator';
import { count, optionalText } from '../arguments';
import { type Handler, scenarioOf } from '../context';
import { RequestError } from '../errors';
import { hasSpace, isAddress, MOST_BYTES, readMemory as read } from '../memory/read';
import { type MemoryPlace, placeOfReference } from '../memory/reference';
import { vmIdAt } from '../moment';

/** Maximum number of references that get a memory event after a stop, oldest first; a viewer reads the same one repeatedly. */
const MOST_WATCHED = 100;

const EXAMPLES = '`gpa:0x80000000`, or the memoryReference of a row';

function placeOf(reference: string, offset: unknown): MemoryPlace {
  const place = placeOfReference(reference);
  if (place === null) throw new RequestError(`There is no memory \`${reference}\`: expected ${EXAMPLES}.`);
  if (offset !== undefined && !Number.isSafeInteger(offset)) {
    throw new RequestError('The argument offset is not an integer.');
  }
  const address = place.address + BigInt((offset as number | undefined) ?? 0);
  if (!isAddress(address)) throw new RequestError(`There is no byte ${address} of \`${reference}\`.`);
  return { ...place, address };
}

/** Available in Node, browsers and workers; this layer loads no type library that declares it. */
declare function btoa(text: string): string;

/** Characters converted per call; limits the number of arguments. */
const PART = 0x8000;

function base64(data: Uint8Array): string {
  let text = '';
  for (let at = 0; at < data.length; at += PART) text += String.fromCharCode(...data.subarray(at, at + PART));
  return btoa(text);
}

export const readMemory: Handler = (context, args) => {
  const reference = optionalText(args, 'memoryReference') ?? '';
  const place = placeOf(reference, args.offset ?? undefined);
  const bytes = count(args, 'count');
  if (bytes > MOST_BYTES) throw new RequestError(`At most ${MOST_BYTES} bytes are read at once.`);
  const moment = scenarioOf(context).timeline.current;
  const from = hostedVm(stateOf(moment), vmIdAt(moment));
  const isThere = hasSpace(from, place.space);
  // Remembered even if the read fails: an open viewer asks again, and the memory may exist after a step.
  if (!isThere && !context.memoryRead.has(reference)) {
    throw new RequestError(`There is no memory \`${reference}\` at this moment of the scenario.`);
  }
  const { data, unreadable } = read(from, place, bytes);
  if (context.memoryRead.size < MOST_WATCHED) context.memoryRead.add(reference);
  const body: DebugProtocol.ReadMemoryResponse['body'] = {
    address: hex(place.address),
    ...(unreadable === 0 ? {} : { unreadableBytes: unreadable }),
    ...(data.length === 0 ? {} : { data: base64(data) }),
  };
  return { body };
};
