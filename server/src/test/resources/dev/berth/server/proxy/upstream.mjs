// Sends content back as it comes, says that more follows, and echoes what is upgraded. Prints its port.
import http from 'node:http';

const server = http.createServer((request, response) => {
  if (request.headers['transfer-encoding']) {
    response.writeHead(200, { Trailer: 'X-End' });
    request.on('end', () => response.addTrailers({ 'X-End': 'yes' }));
  } else if (request.headers['content-length']) {
    response.writeHead(200, { 'Content-Length': request.headers['content-length'] });
  }
  request.pipe(response);
});
server.on('upgrade', (request, socket, head) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
  socket.write(head);
  socket.pipe(socket);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
