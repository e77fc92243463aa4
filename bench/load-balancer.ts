/**
 * The load balancer's data plane `proxy` beside HAProxy and nginx, as ratios to a direct connection, all in one run:
 *
 *   node bench/load-balancer.ts [seconds of each measurement, 3] [rounds, 3]
 *
 * Origin: one Node process with `node:http` that answers `hello world` (12 bytes) at once. Load: `wrk`, one thread, 32
 * connections; "new" asks for `Connection: close`. Everything shares the machine. A ratio is the median of the rounds.
 */
import { execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { guardOf } from '../src/fabric/load-balancer/access.ts'
import { chooseMember } from '../src/fabric/load-balancer/distribution.ts'
import { openProxy } from '../src/machine/load-balancer/proxy/plane.ts'

const address = '127.0.0.1'
const ports = {
  origin: 19_301,
  proxyHttp: 19_302,
  proxyTcp: 19_303,
  haproxyHttp: 19_304,
  haproxyTcp: 19_305,
  nginxHttp: 19_306,
  nginxStream: 19_307,
}

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
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
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
stream {
  server { listen ${address}:${ports.nginxStream}; proxy_pass ${address}:${ports.origin}; }
}
`

/** A plane that does not answer by then will not. */
const startLimitMs = 15_000

interface Plane {
  readonly name: string
  readonly port: number
}

/** The parts that run as processes of their own begin here too, told by a word which one they are. */
async function runPart(part: string): Promise<void> {
  if (part === 'origin') createServer((_, answer) => answer.end('hello world\n')).listen(ports.origin, address)
  else await runProxy()
}

async function runProxy(): Promise<void> {
  const { error } = console
  const plane = openProxy({
    localhost: address,
    choose: chooseMember,
    makeGuard: guardOf,
    idle() {},
    log: { info() {}, warn: error, error },
  })
  const common = { vip: address, hostNames: [], distribution: 'none', idleTimeoutMs: 240_000 } as const
  const members = [{ instance: 'origin', address, port: ports.origin, state: 'in' }] as const
  await plane.serve([
    { ...common, id: 'http', protocol: 'http', port: ports.proxyHttp, members },
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
async function measure(port: number, seconds: number, kept: boolean): Promise<number> {
  const header = kept ? [] : ['-H', 'Connection: close']
  const wrk = spawn('wrk', ['-t1', '-c32', `-d${seconds}s`, ...header, `http://${address}:${port}/`])
  let output = ''
  for await (const bytes of wrk.stdout) output += bytes
  const broken = /Non-2xx.*|Socket errors: connect [1-9].*/.exec(output)
  if (broken) throw new Error(`port ${port}: ${broken[0]}`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1])
}

/** Whether something answers there; nginx without its stream module ends at once, and the rest is worth measuring. */
async function answers({ name, port }: Plane): Promise<boolean> {
  for (const deadline = performance.now() + startLimitMs; performance.now() < deadline; ) {
    const socket = connect(port, address)
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    socket.destroy()
    if (open) return true
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  console.log(`${name} does not answer and is left out (nginx needs libnginx-mod-stream)`)
  return false
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

async function compare(planes: readonly Plane[], seconds: number, rounds: number): Promise<void> {
  for (const kept of [true, false]) {
    const rates = new Map<Plane, number[]>(planes.map((plane) => [plane, []]))
    for (let round = 0; round < rounds; round++)
      for (const [plane, seen] of rates) seen.push(await measure(plane.port, seconds, kept))
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
  const directory = mkdtempSync(join(tmpdir(), 'reddog-bench-'))
  const here = import.meta.filename
  const parts = [fork(here, ['origin']), fork(here, ['proxy'])]
  const planes: Plane[] = [
    { name: 'direct', port: ports.origin },
    { name: 'proxy, http', port: ports.proxyHttp },
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
    planes.push({ name: 'nginx, http', port: ports.nginxHttp }, { name: 'nginx, stream', port: ports.nginxStream })
  }
  try {
    const there = await Promise.all(planes.map(answers))
    await compare(
      planes.filter((_, index) => there[index]),
      seconds,
      rounds,
    )
  } finally {
    for (const part of parts) {
      if (part.exitCode !== null || part.signalCode !== null) continue
      const ended = once(part, 'exit')
      part.kill('SIGTERM')
      await ended
    }
    rmSync(directory, { recursive: true })
  }
}

const [word = '3', rounds = '3'] = process.argv.slice(2)
if (Number.isNaN(Number(word))) await runPart(word)
else await main(Number(word), Number(rounds))
