import { chmodSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { hostSetting } from './host-process.ts'
import { buildPrograms } from '../guest/programs.ts'
import { goalWith, guestWith, key } from './goals.ts'
import { setTimeout as delay } from 'node:timers/promises'
import { cpSync } from 'node:fs'

const programs = await buildPrograms()
chmodSync(programs, 0o755)
const count = Number(process.argv[2] ?? 1)
const host = await hostSetting({ programs })
const roles = `<WorkerRole name="Worker"><Runtime><Environment><Variable name="PORT" value="8080"/></Environment><EntryPoint><ProgramEntryPoint commandLine="node server.js" setReadyOnProcessStart="true"/></EntryPoint></Runtime></WorkerRole>`
const server = (v: string) => `const http=require('http');const s=http.createServer((q,r)=>r.end('${v}'));s.listen(8080,()=>console.log('LISTEN',Date.now()));console.log('BOOT',Date.now());process.on('SIGTERM',()=>{console.log('TERM',Date.now());process.exit()})`
const shas = [await host.pack({ 'Worker/server.js': server('one') }, roles), await host.pack({ 'Worker/server.js': server('two') }, roles)]
await host.start({ timers: [] })
const ids = Array.from({ length: count }, () => randomUUID())
const x = (process.pid % 100) + 20
const keyOf = (n: number) => key.replace('_0', `_${n}`)
const goals = (change: object) => ({ instances: ids.map((containerId, n) => goalWith({ key: keyOf(n), containerId, keepFormerRoot: true,
  guest: guestWith({ instance: `Worker_IN_${n}`, topology: [{ id: `Worker_IN_${n}`, role: 'Worker', address: `127.${x}.9.${n + 2}`, faultDomain: 0, upgradeDomain: 0, endpoints: [] }] }), ...change })) })
const all = (f: (i: any) => boolean) => ids.every((_, n) => { const i = host.controller.instances.get(keyOf(n)); return i && f(i) })
const wait = async (f: () => boolean, ms = 30000) => { const end = Date.now() + ms; while (!f()) { if (Date.now() > end) throw new Error('late ' + f + JSON.stringify([...host.controller.instances.values()])); await delay(2) } }
try {
  let t = Date.now()
  host.controller.setGoal(goals({ packageSha256: shas[0], revision: 1, root: 1 }))
  await wait(() => all((i) => i.status === 'ReadyRole'))
  console.log('ready', Date.now() - t)
  let root = 1
  for (let round = 0; round < 3; round++) {
    const [now, next] = [shas[round % 2]!, shas[(round + 1) % 2]!]
    t = Date.now()
    host.controller.setGoal(goals({ packageSha256: now, revision: root, root, prepare: { packageSha256: next } }))
    await wait(() => all((i) => i.prepared === next))
    console.log('prepared', Date.now() - t)
    await delay(300)
    root++
    const seen = host.controller.reports.length
    t = Date.now()
    host.controller.setGoal(goals({ packageSha256: next, revision: root, root }))
    await wait(() => all((i) => i.status === 'ReadyRole' && i.revision === root))
    console.log('MOVED', Date.now() - t, t)
  }
  cpSync(host.dataDirectory, '/tmp/u3bench/data', { recursive: true, force: true })
  cpSync(host.logFile, '/tmp/u3bench/HostAgent.log', { force: true })
} finally { await host.close() }
