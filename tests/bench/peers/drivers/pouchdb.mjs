// Drives PouchDB Server through PouchDB: `node pouchdb.mjs WORK URL TASK HOME [NUMBER...]`.
// A record is a document. An acknowledgement is the answer to PUT: the server has written it to LevelDB, which has
// handed it to the system, but not asked the disk for it.
import fs from 'node:fs'
import { performance } from 'node:perf_hooks'
import PouchDB from 'pouchdb'

const [work, url, taskFile, home, ...numbers] = process.argv.slice(2)
const task = JSON.parse(fs.readFileSync(taskFile, 'utf8'))
const [first, count, every] = numbers.map(Number)
const BATCH = 256
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const remote = () => new PouchDB(`${url}/board`)
const local = (name) => new PouchDB(fs.mkdtempSync(`${home}/${name}-`))
const ofNumber = (number) => task.records[number % task.records.length][0]

async function load () {
  const db = remote()
  await db.info()
  const docs = task.records.map(([id, fields]) => ({ _id: id, ...fields }))
  const started = performance.now()
  for (let at = 0; at < docs.length; at += BATCH) await db.bulkDocs(docs.slice(at, at + BATCH))
  return { seconds: (performance.now() - started) / 1000 }
}

// The documents as an editor has them on the screen.
async function shown (db) {
  const all = await db.allDocs({ include_docs: true })
  return new Map(all.rows.map(({ id, doc }) => [id, doc]))
}

async function put (db, docs, number) {
  const doc = { ...docs.get(ofNumber(number)), note: `#${number}` }
  doc._rev = (await db.put(doc)).rev
  docs.set(doc._id, doc)
}

async function edit () {
  const db = remote()
  const docs = await shown(db)
  const ms = []
  for (let number = first; number < first + count; number++) {
    const started = performance.now()
    await put(db, docs, number)
    ms.push(performance.now() - started)
  }
  return { ms }
}

async function listen () {
  const db = remote()
  const docs = await shown(db)
  let left = 0
  let done
  const since = (await db.info()).update_seq
  const options = { live: true, since, include_docs: true, heartbeat: 10000 }
  for (let n = 0; n < task.listeners; n++) remote().changes(options).on('change', () => { if (--left === 0) done() })
  await pause(1000)
  const ms = []
  for (let number = first; number < first + count; number++) {
    left = task.listeners
    const all = new Promise((resolve) => { done = resolve })
    const started = performance.now()
    await put(db, docs, number)
    await all
    ms.push(performance.now() - started)
    await pause(Math.max(0, every - (performance.now() - started)))
  }
  return { ms }
}

async function sync () {
  const here = local('first')
  const started = performance.now()
  await here.replicate.from(remote(), { batch_size: 1000 })
  const seconds = (performance.now() - started) / 1000
  if ((await here.info()).doc_count !== task.records.length) throw new Error('documents are missing')
  return { seconds }
}

async function collide () {
  const sides = [local('left'), local('right')]
  for (const side of sides) await side.replicate.from(remote(), { batch_size: 1000 })
  const spans = [task.left, task.right]
  for (const [n, side] of sides.entries()) {
    const docs = await shown(side)
    const edited = task.records.slice(...spans[n]).map(([id], at) => ({ ...docs.get(id), note: `${n}:${spans[n][0] + at}` }))
    await side.bulkDocs(edited)
  }
  const started = performance.now()
  await sides[0].sync(remote(), { batch_size: 1000 })
  await sides[1].sync(remote(), { batch_size: 1000 })
  await sides[0].replicate.from(remote(), { batch_size: 1000 })
  const seconds = (performance.now() - started) / 1000
  let kept = 0
  for (let at = spans[1][0]; at < spans[0][1]; at++) {
    const counts = await Promise.all(sides.map(async (side) => {
      const revisions = await side.get(task.records[at][0], { open_revs: 'all' })
      return new Set(revisions.map(({ ok }) => ok?.note)).size
    }))
    if (counts.every((size) => size === 2)) kept++
  }
  return { seconds, kept }
}

async function hammer () {
  const db = remote()
  const docs = await shown(db)
  process.stdout.write('ready\n')
  for (let number = first; ; number++) {
    try {
      await put(db, docs, number)
    } catch {
      process.exit(0)
    }
    process.stdout.write(`${number}\n`)
  }
}

async function present () {
  const docs = await shown(remote())
  return { found: Object.fromEntries([...docs].map(([id, doc]) => [id, [doc.note]])) }
}

const works = { load, edit, listen, sync, collide, hammer, present }
process.stdout.write(JSON.stringify(await works[work]()) + '\n', () => process.exit(0))
