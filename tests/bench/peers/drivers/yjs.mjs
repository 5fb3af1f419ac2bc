// Drives servers that speak the Yjs wire protocol, through y-websocket's own client.
// `node yjs.mjs WORK URL TASK HOME [NUMBER...]`; one line of JSON is the answer. An acknowledgement is the server's
// echo of the editor's own update: it has been taken into memory and handed to everybody.
import fs from 'node:fs'
import { performance } from 'node:perf_hooks'
import ws from 'ws'
import * as Y from 'yjs'
import { WebsocketProvider } from 'y-websocket'

const [work, url, taskFile, , ...numbers] = process.argv.slice(2)
const task = JSON.parse(fs.readFileSync(taskFile, 'utf8'))
const [first, count, every] = numbers.map(Number)
const ROOM = 'board'
const BATCH = 256
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

function open (connect = true) {
  const doc = new Y.Doc()
  const provider = new WebsocketProvider(url, ROOM, doc, {
    WebSocketPolyfill: ws, disableBc: true, resyncInterval: -1, connect
  })
  // Nobody says where their cursor is: fifty who pass on what each of the others says would be all that is measured.
  provider.awareness.off('update', provider._awarenessUpdateHandler)
  provider.awareness.setLocalState(null)
  const waiting = []
  const listen = () => {
    provider.ws.addEventListener('message', (event) => {
      const data = new Uint8Array(event.data)
      if (data[0] === 0 && data[1] === 2) waiting.shift()?.()
    })
    provider.ws.addEventListener('close', () => { if (work === 'hammer') process.exit(0) })
  }
  if (connect) listen()
  const echoed = () => new Promise((resolve) => waiting.push(resolve))
  return { doc, map: doc.getMap('records'), provider, echoed, listen }
}

function synced (peer) {
  return new Promise((resolve) => peer.provider.synced ? resolve() : peer.provider.on('sync', (is) => is && resolve()))
}

// `whole`: a server that reads its store late answers as if it had nothing, and sends the rest as it comes.
async function opened (whole = true) {
  const peer = open()
  await synced(peer)
  if (whole) while (peer.map.size < task.records.length) await pause(1)
  return peer
}

function set (peer, number) {
  const [id] = task.records[number % task.records.length]
  peer.map.get(id).set('note', `#${number}`)
}

async function load () {
  const peer = await opened(false)
  const started = performance.now()
  let last
  for (let at = 0; at < task.records.length; at += BATCH) {
    last = peer.echoed()
    peer.doc.transact(() => {
      for (const [id, fields] of task.records.slice(at, at + BATCH)) peer.map.set(id, new Y.Map(Object.entries(fields)))
    })
  }
  await last
  return { seconds: (performance.now() - started) / 1000 }
}

async function edit () {
  const peer = await opened()
  const ms = []
  for (let number = first; number < first + count; number++) {
    const started = performance.now()
    const echo = peer.echoed()
    set(peer, number)
    await echo
    ms.push(performance.now() - started)
  }
  return { ms }
}

async function listen () {
  const peers = []
  for (let n = 0; n <= task.listeners; n++) peers.push(await opened())
  const editor = peers.pop()
  const ms = []
  let left = 0
  let done
  for (const peer of peers) peer.map.observeDeep(() => { if (--left === 0) done() })
  for (let number = first; number < first + count; number++) {
    left = peers.length
    const all = new Promise((resolve) => { done = resolve })
    const started = performance.now()
    set(editor, number)
    await all
    ms.push(performance.now() - started)
    await pause(Math.max(0, every - (performance.now() - started)))
  }
  return { ms }
}

async function sync () {
  const started = performance.now()
  await opened()
  return { seconds: (performance.now() - started) / 1000 }
}

async function collide () {
  const sides = [await opened(), await opened()]
  for (const side of sides) side.provider.disconnect()
  const spans = [task.left, task.right]
  sides.forEach((side, n) => {
    for (let at = spans[n][0]; at < spans[n][1]; at++) side.map.get(task.records[at][0]).set('note', `${n}:${at}`)
  })
  const started = performance.now()
  for (const side of sides) side.provider.connect()
  const whole = (side) => side.doc.store.clients.has(sides[0].doc.clientID) && side.doc.store.clients.has(sides[1].doc.clientID)
  while (!sides.every(whole) || JSON.stringify(sides[0].map) !== JSON.stringify(sides[1].map)) await pause(1)
  const seconds = (performance.now() - started) / 1000
  let kept = 0
  for (let at = spans[1][0]; at < spans[0][1]; at++) {
    const text = JSON.stringify(sides[0].map.get(task.records[at][0]))
    if (text.includes(`"0:${at}"`) && text.includes(`"1:${at}"`)) kept++
  }
  return { seconds, kept }
}

async function hammer () {
  const peer = await opened()
  process.stdout.write('ready\n')
  for (let number = first; ; number++) {
    const echo = peer.echoed()
    set(peer, number)
    await echo
    process.stdout.write(`${number}\n`)
  }
}

async function present () {
  const peer = await opened(false)
  for (let size = -1; size !== peer.map.size;) {
    size = peer.map.size
    await pause(500)
  }
  const found = {}
  peer.map.forEach((fields, id) => { found[id] = [fields.get('note')] })
  return { found }
}

const works = { load, edit, listen, sync, collide, hammer, present }
process.stdout.write(JSON.stringify(await works[work]()) + '\n', () => process.exit(0))
