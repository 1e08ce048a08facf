import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendFile } from '../../workbench/static-files';

/** Serves a built site on loopback under a path, as a web server would; gives its address. */
export async function serveSite(folder: string, base: string): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0]!;
    const file = path.startsWith(base) ? path.slice(base.length) : '..';
    void sendFile(
      response,
      folder,
      file === '' || file.endsWith('/') ? `${file}index.html` : file,
      'no-store',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`, server };
}
