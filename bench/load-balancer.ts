/**
 * The load balancer's data plane `proxy`, with as many workers as a balancer has here, beside HAProxy and nginx, as ratios to a direct connection, all in one run:
 *
 *   node bench/load-balancer.ts [seconds of each measurement, 3] [rounds, 3]
 *
 * Origin: one Node process with `node:http` that answers `hello world` (12 bytes) at once. Load: `wrk`, one thread, 32
 * connections; "new" asks for `Connection: close`. Everything shares the machine. A ratio is the median of the rounds.
 * Programs that are not installed are named and left out.
 */
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { guardOf } from '../src/fabric/load-balancer/access.ts'
import { chooseMember } from '../src/fabric/load-balancer/distribution.ts'
import { timerDefaults } from '../src/kernel/timers.ts'
import { openSideBySide } from '../src/machine/load-balancer/workers/side-by-side.ts'
import { workerCount } from '../src/machine/load-balancer/workers/worker-count.ts'

const address = '127.0.0.1'
const ports = {
  origin: 19_301,
  proxyHttp: 19_302,
  proxyTcp: 19_303,
  haproxyHttp: 19_304,
  haproxyTcp: 19_305,
  nginxHttp: 19_306,
  nginxStream: 19_307,
  proxyTold: 19_308,
}

const streamModule = '/usr/lib/nginx/modules/ngx_stream_module.so'

const haproxyConfiguration = `
global
  maxconn 4096
  nbthread 1
defaults
  timeout connect 3s
  timeout client 4m
  timeout server 4m
frontend http
  mode http
  bind ${address}:${ports.haproxyHttp}
  default_backend http
backend http
  mode http
  http-reuse always
  server origin ${address}:${ports.origin}
frontend tcp
  mode tcp
  bind ${address}:${ports.haproxyTcp}
  default_backend tcp
backend tcp
  mode tcp
  server origin ${address}:${ports.origin}
`

const nginxConfiguration = (directory: string) => `
${existsSync(streamModule) ? `load_module ${streamModule};` : ''}
worker_processes 1;
daemon off;
pid ${directory}/nginx.pid;
error_log ${directory}/nginx.log;
events { worker_connections 4096; }
http {
  access_log off;
  upstream origin { server ${address}:${ports.origin}; keepalive 64; }
  server {
    listen ${address}:${ports.nginxHttp};
    location / { proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
${existsSync(streamModule) ? `stream { server { listen ${address}:${ports.nginxStream}; proxy_pass ${address}:${ports.origin}; } }` : ''}
`

/** A plane that does not answer by then will not. */
const startLimitMs = 15_000

interface Plane {
  readonly name: string
  readonly port: number
}

/** The parts that run as processes of their own begin here too, told by a word which one they are. They end with the bench, however it ends. */
async function runPart(part: string): Promise<void> {
  process.once('disconnect', () => process.exit())
  if (part === 'origin') createServer((_, answer) => answer.end('hello world\n')).listen(ports.origin, address)
  else await runProxy()
}

async function runProxy(): Promise<void> {
  const { error } = console
  const plane = openSideBySide({
    localhost: address,
    choose: chooseMember,
    makeGuard: guardOf,
    idle() {},
    log: { info() {}, warn: error, error },
    workers: {
      program: join(import.meta.dirname, '../src/fabric/load-balancer/worker/main.ts'),
      count: workerCount(),
    },
    timers: timerDefaults,
  })
  const common = { vip: address, hostNames: [], distribution: 'none', idleTimeoutMs: 240_000 } as const
  const members = [{ instance: 'origin', address, port: ports.origin, state: 'in' }] as const
  await plane.serve([
    { ...common, id: 'http', protocol: 'http', port: ports.proxyHttp, members },
    {
      ...common,
      id: 'told',
      protocol: 'http',
      port: ports.proxyTold,
      members: [{ ...members[0], isToldClient: true }],
    },
    { ...common, id: 'tcp', protocol: 'tcp', port: ports.proxyTcp, members },
  ])
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('/bin/sh', ['-c', `command -v ${program}`])
    return true
  } catch {
    console.log(`${program} is not installed and is left out (apt-get install haproxy nginx libnginx-mod-stream wrk)`)
    return false
  }
}

/** Requests a second. Answers other than 200 and broken connections end the run: a plane that fails fast would look good. */
async function measure(port: number, seconds: number, kept: boolean, signal: AbortSignal): Promise<number> {
  const header = kept ? [] : ['-H', 'Connection: close']
  const wrk = spawn('wrk', ['-t1', '-c32', `-d${seconds}s`, ...header, `http://${address}:${port}/`])
  signal.addEventListener('abort', () => wrk.kill())
  let output = ''
  for await (const bytes of wrk.stdout) output += bytes
  signal.throwIfAborted()
  const broken = /Non-2xx.*|Socket errors: connect [1-9].*/.exec(output)
  if (broken) throw new Error(`port ${port}: ${broken[0]}`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1])
}

/** Whether something answers there: what does not is named, and the rest is worth measuring. */
async function answers({ name, port }: Plane, signal: AbortSignal): Promise<boolean> {
  for (const deadline = performance.now() + startLimitMs; performance.now() < deadline && !signal.aborted; ) {
    const socket = connect(port, address)
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    socket.destroy()
    if (open) return true
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  if (!signal.aborted) console.log(`${name} does not answer within ${startLimitMs / 1000} s and is left out`)
  return false
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

async function compare(planes: readonly Plane[], seconds: number, rounds: number, signal: AbortSignal): Promise<void> {
  for (const kept of [true, false]) {
    const rates = new Map<Plane, number[]>(planes.map((plane) => [plane, []]))
    for (let round = 0; round < rounds; round++)
      for (const [plane, seen] of rates) seen.push(await measure(plane.port, seconds, kept, signal))
    const direct = median(rates.get(planes[0] as Plane) ?? [])
    console.log(kept ? '\nkept-alive connections' : '\nnew connections')
    for (const [{ name }, seen] of rates)
      console.log(
        `  ${name.padEnd(22)}${median(seen).toFixed(0).padStart(8)} requests/s   ${(median(seen) / direct).toFixed(2)} of direct`,
      )
  }
}

async function main(seconds: number, rounds: number): Promise<void> {
  if (!isInstalled('wrk')) return
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopped.abort())
  const directory = mkdtempSync(join(tmpdir(), 'reddog-bench-'))
  const here = import.meta.filename
  const parts = [fork(here, ['origin']), fork(here, ['proxy'])]
  const planes: Plane[] = [
    { name: 'direct', port: ports.origin },
    { name: 'proxy, http', port: ports.proxyHttp },
    { name: 'proxy, http, told', port: ports.proxyTold },
    { name: 'proxy, tcp', port: ports.proxyTcp },
  ]
  if (isInstalled('haproxy')) {
    writeFileSync(join(directory, 'haproxy.cfg'), haproxyConfiguration)
    parts.push(spawn('haproxy', ['-db', '-f', join(directory, 'haproxy.cfg')], { stdio: 'ignore' }))
    planes.push({ name: 'HAProxy, http', port: ports.haproxyHttp }, { name: 'HAProxy, tcp', port: ports.haproxyTcp })
  }
  if (isInstalled('nginx')) {
    writeFileSync(join(directory, 'nginx.conf'), nginxConfiguration(directory))
    parts.push(spawn('nginx', ['-c', join(directory, 'nginx.conf')], { stdio: 'ignore' }))
    planes.push({ name: 'nginx, http', port: ports.nginxHttp })
    if (existsSync(streamModule)) planes.push({ name: 'nginx, stream', port: ports.nginxStream })
    else console.log('nginx has no stream module and is left out for tcp (apt-get install libnginx-mod-stream)')
  }
  try {
    const there = await Promise.all(planes.map((plane) => answers(plane, stopped.signal)))
    await compare(
      planes.filter((_, index) => there[index]),
      seconds,
      rounds,
      stopped.signal,
    )
  } catch (error) {
    if (!stopped.signal.aborted) throw error
    process.exitCode = 130
  } finally {
    await Promise.all(parts.map(end))
    rmSync(directory, { recursive: true })
  }
}

async function end(part: ChildProcess): Promise<void> {
  if (part.exitCode !== null || part.signalCode !== null) return
  const ended = once(part, 'exit')
  part.kill('SIGTERM')
  await ended
}

const [word = '3', rounds = '3'] = process.argv.slice(2)
if (Number.isNaN(Number(word))) await runPart(word)
else await main(Number(word), Number(rounds))
