/**
 * The web server of a web role beside nginx, on the same files and in front of the same Node program, as ratios in one run:
 *
 *   node bench/web-server.ts [seconds of each measurement, 3] [rounds, 3]
 *
 * A fabric of one host, guests kept apart by process, one instance; both servers are asked at their own addresses, without a balancer. The
 * program is `node:http` that answers at once; iisnode starts one of it, nginx has one beside it. nginx has one worker and writes an access
 * log, as the web server does. Load: `wrk`, one thread, 32 connections. Everything shares the machine.
 *
 * Then the memory of a web instance, after that load and some seconds later; and the first request after w3wp has ended, beyond the program's own
 * start. Goals (issue 10): proxied ≥ 0.5 of nginx, first request ≤ 250 ms, ≤ 60 MB of ours.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startFabric } from './fabric.ts'
import { median } from './statistics.ts'
import { bindingBelow, memoryText, processesOf, rate } from './web-instance.ts'

/** The processes of a web instance that are the platform's. */
const names = ['W3SVC', 'w3wp', 'WaIISHost']

const [seconds = 3, rounds = 3] = process.argv.slice(2).map(Number)
const nginxPort = 19_401
const programPort = 19_402
/** Until W3SVC and w3wp have collected what the load has left. */
const restMs = 8_000

const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'

/** Bytes of the static file: a small picture. */
const fileBytes = 10_000

const program = `require('http').createServer((req, res) => res.end('hello world!')).listen(process.env.PORT)\n`

const files = {
  'ServiceDefinition.csdef': `<ServiceDefinition name="Bench" xmlns="${schema}/ServiceDefinition"><WebRole name="Web" vmsize="Small">
    <Sites><Site name="Site" physicalDirectory="site"><Bindings><Binding name="In" endpointName="In" /></Bindings></Site></Sites>
    <Endpoints><InputEndpoint name="In" protocol="http" port="80" /></Endpoints>
  </WebRole></ServiceDefinition>`,
  'ServiceConfiguration.cscfg': `<ServiceConfiguration serviceName="Bench" xmlns="${schema}/ServiceConfiguration"><Role name="Web"><Instances count="1" /></Role></ServiceConfiguration>`,
  'Web/readme.txt': '',
  'site/server.js': program,
  'site/file.png': 'x'.repeat(fileBytes),
  'site/web.config': `<configuration><system.webServer>
    <handlers><add name="iisnode" path="server.js" verb="*" modules="iisnode" /></handlers>
    <rewrite><rules><rule name="app"><match url="^app" /><action type="Rewrite" url="server.js" /></rule></rules></rewrite>
  </system.webServer></configuration>`,
}

const fabric = await startFabric('--hosts', '1', '--isolation', 'process')
const directory = join(fabric.dataDirectory, 'bench')
const ended: (() => unknown)[] = []
try {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
  await fabric.run('deploy', directory, '--service', 'bench')
  const instance = bindingBelow(fabric.dataDirectory)
  await startNginx()
  for (const path of ['app', 'file.png']) {
    const ratios: number[] = []
    for (let round = 0; round < rounds; round++) {
      const [ours, nginx] = [
        rate(`http://${instance}/${path}`, seconds),
        rate(`http://127.0.0.1:${nginxPort}/${path}`, seconds),
      ]
      ratios.push(ours / nginx)
      console.log(`${path}: ${ours.toFixed(0)} requests a second, nginx ${nginx.toFixed(0)}`)
    }
    console.log(`${path}: ${median(ratios).toFixed(2)} of nginx`)
  }
  // What has ended meanwhile is there again.
  execFileSync('curl', ['-sf', '-o', '/dev/null', `http://${instance}/app`])
  console.log(`memory of ours after the load: ${memoryText(names, fabric.dataDirectory)}`)
  await delay(restMs)
  console.log(`and at rest: ${memoryText(names, fabric.dataDirectory)}`)
  const starts: number[] = []
  for (let round = 0; round < rounds; round++) starts.push((await firstRequestMs(instance)) - (await ownStartMs()))
  console.log(`the first request after w3wp has ended, beyond the program's own start: ${median(starts).toFixed(0)} ms`)
} finally {
  for (const end of ended) end()
  await fabric.end()
}

async function startNginx(): Promise<void> {
  const configuration = `user root; worker_processes 1; daemon off; pid ${directory}/nginx.pid; error_log ${directory}/nginx.log;
    events { worker_connections 1024; }
    http {
      access_log ${directory}/access.log;
      upstream program { server 127.0.0.1:${programPort}; keepalive 64; }
      server {
        listen 127.0.0.1:${nginxPort};
        root ${directory}/site;
        location /app { proxy_pass http://program; proxy_http_version 1.1; proxy_set_header Connection ""; }
      }
    }`
  writeFileSync(join(directory, 'nginx.conf'), configuration)
  const app = spawn(process.execPath, [join(directory, 'site/server.js')], {
    env: { PORT: `${programPort}` },
    stdio: 'inherit',
  })
  const nginx = spawn('nginx', ['-c', join(directory, 'nginx.conf')], { stdio: 'inherit' })
  ended.push(
    () => app.kill(),
    () => nginx.kill(),
  )
  await Promise.all([answers(programPort), answers(nginxPort)])
}

async function answers(port: number): Promise<void> {
  while (!(await opens(port)));
}

function opens(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, '127.0.0.1', () => resolve(true))
  socket.once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

/** From a request that finds no w3wp to its answer. */
async function firstRequestMs(instance: string): Promise<number> {
  const workers = () => processesOf(['w3wp'], fabric.dataDirectory)
  for (const { pid } of workers()) process.kill(pid, 'SIGKILL')
  while (workers().length > 0) await delay(10)
  // The listener has heard of the end by then; a request in that very moment loses its connection.
  await delay(100)
  const began = performance.now()
  execFileSync('curl', ['-sf', '-o', '/dev/null', `http://${instance}/app`])
  return performance.now() - began
}

/** From the start of the program by itself to its first answer. */
async function ownStartMs(): Promise<number> {
  const socket = join(directory, 'own')
  rmSync(socket, { force: true })
  const began = performance.now()
  const app = spawn(process.execPath, [join(directory, 'site/server.js')], { env: { PORT: socket } })
  // What is not there yet is asked again, without a pause.
  execFileSync('sh', ['-c', `until curl -sf -o /dev/null --unix-socket ${socket} http://program/; do :; done`])
  const ms = performance.now() - began
  app.kill()
  await once(app, 'close')
  return ms
}
