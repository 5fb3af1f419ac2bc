// automerge-repo's server as its documentation sets it up: `node automerge-server.mjs PORT FOLDER`.
import { Repo } from '@automerge/automerge-repo'
import { NodeWSServerAdapter } from '@automerge/automerge-repo-network-websocket'
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs'
import { WebSocketServer } from 'ws'

const [port, folder] = process.argv.slice(2)
const socket = new WebSocketServer({ host: '127.0.0.1', port: Number(port) })
void new Repo({
  network: [new NodeWSServerAdapter(socket)],
  storage: new NodeFSStorageAdapter(`${folder}/data`),
  peerId: 'server',
  sharePolicy: async () => false
})
