// Drives automerge-repo through its own client: `node automerge.mjs WORK URL TASK HOME [NUMBER...]`.
// A document holds the records of about one unit: one document has its changes sent ten times a second at most. An
// acknowledgement is that the server names the editor's own heads as its own: the change is in its memory, and is saved
// within a tenth of a second.
import fs from 'node:fs'
import { performance } from 'node:perf_hooks'
import { Repo, getConflicts } from '@automerge/automerge-repo'
import { WebSocketClientAdapter } from '@automerge/automerge-repo-network-websocket'

const [work, url, taskFile, home, ...numbers] = process.argv.slice(2)
const task = JSON.parse(fs.readFileSync(taskFile, 'utf8'))
const [first, count, every] = numbers.map(Number)
const BATCH = 256
const DOCUMENTS = 149
const HEARD = 20 // documents that listeners open: enough that no edit waits for the one before, few enough for 50
const NAMES = `${home}/documents`
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

function connect () {
  const adapter = new WebSocketClientAdapter(url, 100)
  return { adapter, repo: new Repo({ network: [adapter], enableRemoteHeadsGossiping: true }) }
}

async function opened (count = DOCUMENTS) {
  const peer = connect()
  await peer.repo.networkSubsystem.whenReady()
  const names = JSON.parse(fs.readFileSync(NAMES, 'utf8')).slice(0, count)
  peer.handles = await Promise.all(names.map((name) => found(peer.repo, name)))
  return peer
}

// A busy server may say at first that it does not have a document.
async function found (repo, name) {
  for (;;) {
    try {
      return await repo.find(name)
    } catch (error) {
      process.stderr.write(`${error}\n`)
      await pause(50)
    }
  }
}

const same = (a, b) => a.length === b.length && a.every((one, n) => one === b[n])
const documentOf = (peer, at) => peer.handles[at % DOCUMENTS]
const recordOf = (peer, at) => documentOf(peer, at).doc().records[task.records[at][0]]

// Resolves once the server has said that it has what this peer has of a document.
function acknowledged (handle) {
  const wanted = handle.heads()
  return new Promise((resolve) => {
    const heard = ({ heads }) => {
      if (!same(heads, wanted)) return
      handle.off('remote-heads', heard)
      resolve()
    }
    handle.on('remote-heads', heard)
  })
}

// Enter a note; the document it is in.
function set (peer, number, note = `#${number}`) {
  const at = number % task.records.length
  const handle = documentOf(peer, at)
  handle.change((doc) => { doc.records[task.records[at][0]].note = note })
  return handle
}

async function load () {
  const peer = connect()
  await peer.repo.networkSubsystem.whenReady()
  const started = performance.now()
  peer.handles = Array.from({ length: DOCUMENTS }, (_, n) => {
    const own = task.records.filter((record, at) => at % DOCUMENTS === n)
    return peer.repo.create({ records: Object.fromEntries(own) })
  })
  await Promise.all(peer.handles.map(acknowledged))
  const seconds = (performance.now() - started) / 1000
  fs.writeFileSync(NAMES, JSON.stringify(peer.handles.map((handle) => handle.url)))
  return { seconds }
}

async function edit () {
  const peer = await opened()
  const ms = []
  for (let number = first; number < first + count; number++) {
    const started = performance.now()
    await acknowledged(set(peer, number))
    ms.push(performance.now() - started)
  }
  return { ms }
}

async function listen () {
  const peers = []
  for (let n = 0; n <= task.listeners; n++) peers.push(await opened(HEARD))
  const editor = peers.pop()
  const ms = []
  let left = 0
  let done
  for (const { handles } of peers) {
    for (const handle of handles) handle.on('change', () => { if (--left === 0) done() })
  }
  for (let number = first; number < first + count; number++) {
    left = peers.length
    const all = new Promise((resolve) => { done = resolve })
    const started = performance.now()
    set(editor, number % HEARD + DOCUMENTS * (number % 20))
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
  for (const { adapter } of sides) adapter.disconnect()
  const spans = [task.left, task.right]
  sides.forEach((side, n) => {
    for (let at = spans[n][0]; at < spans[n][1]; at++) set(side, at, `${n}:${at}`)
  })
  const own = sides.map(({ handles }) => handles.map((handle) => handle.heads()))
  const merged = (n) => {
    const heads = sides.map(({ handles }) => handles[n].heads())
    return same(heads[0], heads[1]) && own.every((before) => same(before[n], own[0][n]) || !same(heads[0], before[n]))
  }
  const started = performance.now()
  for (const { adapter, repo } of sides) adapter.connect(repo.peerId, {})
  while (!sides[0].handles.every((_, n) => merged(n))) await pause(1)
  const seconds = (performance.now() - started) / 1000
  let kept = 0
  for (let at = spans[1][0]; at < spans[0][1]; at++) {
    const values = Object.values(getConflicts(recordOf(sides[0], at), 'note') ?? {})
    if (values.includes(`0:${at}`) && values.includes(`1:${at}`)) kept++
  }
  return { seconds, kept }
}

async function hammer () {
  const peer = await opened()
  peer.adapter.socket?.addEventListener('close', () => process.exit(0))
  process.stdout.write('ready\n')
  for (let number = first; ; number++) {
    await acknowledged(set(peer, number))
    process.stdout.write(`${number}\n`)
  }
}

async function present () {
  const peer = await opened()
  const entries = peer.handles.flatMap((handle) => Object.entries(handle.doc().records))
  return { found: Object.fromEntries(entries.map(([id, fields]) => [id, [fields.note]])) }
}

const works = { load, edit, listen, sync, collide, hammer, present }
process.stdout.write(JSON.stringify(await works[work]()) + '\n', () => process.exit(0))
