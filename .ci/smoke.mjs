/** Asks a running `npm start` for its page and for the files that the page loads first. */
const address = process.argv[2];
const page = await (await fetch(address)).text();
const linked = [...page.matchAll(/(?:href|import)\s*[=(]\s*["'](\/[^"']+)["']/g)].map(([, path]) => path);
const parts = [
  '/extension/package.json',
  '/extension/dist/extension.cjs',
  '/files-extension/package.json',
  '/files/?list',
];
let failures = 0;
for (const path of [...linked, ...parts]) {
  const { status } = await fetch(new URL(path, address));
  console.log(`${status} ${path}`);
  if (status !== 200) failures++;
}
if (linked.length < 3) console.error('the page loads nothing: is it the workbench?');
process.exitCode = failures === 0 && linked.length >= 3 ? 0 : 1;
