/** Single breaches of the house's rules: each must be refused by one of them at least. */
export interface Breach {
  readonly what: string
  readonly file: string
  /** Stands at the end of the file, or is all of a new one. */
  readonly text: string
}

const thinking = [
  'src/fabric/controller/agent.ts',
  'src/fabric/controller/places/placement.ts',
  'src/fabric/controller/settle.ts',
  'src/fabric/controller/desk/report.ts',
  'src/fabric/load-balancer/probe-state.ts',
  'src/host/agent/settle.ts',
  'src/guest/guest-agent/receive.ts',
  'src/guest/bootstrapper/settle.ts',
  'src/service-model/match.ts',
  'src/host/contract/report.ts',
  'src/kernel/fault.ts',
] as const

/** What no file may do that an agent reaches. */
const impure: Readonly<Record<string, string>> = {
  'the clock': 'export const breach = () => Date.now()',
  'the clock by a computed name': "export const breach = () => Date['now']()",
  'the clock by taking it out': 'export const breach = () => { const { now } = Date; return now() }',
  'the clock as a text': 'export const breach = () => Date()',
  'a new date': 'export const breach = () => new Date()',
  'the monotonic clock': 'export const breach = () => performance.now()',
  chance: 'export const breach = () => Math.random()',
  'chance by another name': 'export const breach = () => { const { random } = Math; return random() }',
  'chance of crypto': 'export const breach = () => crypto.randomUUID()',
  'a time-out': 'export const breach = () => setTimeout(() => {}, 1)',
  'an interval': 'export const breach = () => setInterval(() => {}, 1)',
  'a later moment': 'export const breach = () => setImmediate(() => {})',
  'a microtask': 'export const breach = () => queueMicrotask(() => {})',
  'an async function': 'export const breach = async () => 1',
  'an async method': 'export const breach = { async read() { return 1 } }',
  'an async generator': 'export async function* breach() { yield 1 }',
  'a chain of promises': 'export const breach = (one: PromiseLike<number>) => one.then(() => 1)',
  'a promise': 'export const breach = () => Promise.resolve(1)',
  fetch: "export const breach = () => fetch('http://127.0.0.1/')",
  'the process': "export const breach = () => process.env['HOME']",
  'the global object': 'export const breach = () => globalThis',
  'a module-level let': 'let breach = 0\nexport const next = () => ++breach',
  'a module-level var': 'export var breach = 0',
  'an exported let': 'export let breach = 0',
  'Node with its prefix': "import { hostname } from 'node:os'\nexport const breach = hostname",
  'Node without its prefix': "import { hostname } from 'os'\nexport const breach = hostname",
  'types of Node': "import type { Socket } from 'node:net'\nexport type Breach = Socket",
  'Node handed on': "export { hostname } from 'node:os'",
  'Node later': "export const breach = () => import('node:os')",
  'a package that is not on the list': "import forge from 'node-forge'\nexport const breach = forge",
  'where the file stands': 'export const breach = import.meta.url',
  'the console': "export const breach = () => console.log('')",
  require: "export const breach = () => require('os')",
}

const elsewhere: readonly Breach[] = [
  { what: 'src imports test', file: 'src/client/cli/api.ts', text: "export { until } from '../../../test/until.ts'" },
  {
    what: 'src imports tools',
    file: 'src/machine/log.ts',
    text: "export { leftBehind } from '../../tools/left-behind.ts'",
  },
  {
    what: 'src imports bench',
    file: 'src/client/cli/api.ts',
    text: "export { median } from '../../../bench/statistics.ts'",
  },
  { what: 'main.ts imports test', file: 'src/host/agent/main.ts', text: "import '../../../test/until.ts'" },
  { what: 'a floor above', file: 'src/host/agent/state.ts', text: "import '../../fabric/contract/views.ts'" },
  {
    what: 'two floors below',
    file: 'src/fabric/controller/agent.ts',
    text: "import '../../guest/contract/health.ts'",
  },
  {
    what: 'the inside of the floor below',
    file: 'src/fabric/controller/agent.ts',
    text: "import '../../host/agent/state.ts'",
  },
  { what: 'the machine', file: 'src/front-end/ffe/fabric.ts', text: "import '../../machine/log.ts'" },
  {
    what: 'the machine, later',
    file: 'src/front-end/ffe/fabric.ts',
    text: "export const breach = () => import('../../machine/log.ts')",
  },
  { what: 'the machine knows an agent', file: 'src/machine/log.ts', text: "import '../host/agent/state.ts'" },
  {
    what: 'the kernel knows the service model',
    file: 'src/kernel/loop.ts',
    text: "import '../service-model/sizes.ts'",
  },
  {
    what: 'the service model knows a floor',
    file: 'src/service-model/sizes.ts',
    text: "import '../host/contract/goal.ts'",
  },
  { what: 'Node on a floor that has none', file: 'src/front-end/ffe/page.ts', text: "import 'node:fs'" },
  { what: 'Node without its prefix there', file: 'src/front-end/ffe/page.ts', text: "import 'fs'" },
  {
    what: 'Node in a page',
    file: 'src/client/portal/browser/main.tsx',
    text: "import { join } from 'node:path'\nexport const breach = <p>{join('a')}</p>",
  },
  {
    what: 'types of Node in what pages share',
    file: 'src/client/service-management/api.ts',
    text: "import type { Socket } from 'node:net'\nexport type Breach = Socket",
  },
  {
    what: 'Node in the words of the portal',
    file: 'src/client/portal/protocol.ts',
    text: "import { randomUUID } from 'node:crypto'\nexport const breach = randomUUID",
  },
  { what: 'a page called utils', file: 'src/client/portal/browser/utils.tsx', text: 'export const breach = <p />' },
  { what: 'a cycle', file: 'src/kernel/instant.ts', text: "export { loopOf } from './loop.ts'" },
  { what: 'a default export', file: 'src/client/cli/table.ts', text: 'export default 1' },
  {
    what: 'a default export by renaming',
    file: 'src/client/cli/table.ts',
    text: 'const breach = 1\nexport { breach as default }',
  },
  { what: 'a file called utils', file: 'src/client/cli/utils.ts', text: 'export const breach = 1' },
  { what: 'a file called string-helpers', file: 'src/client/cli/string-helpers.ts', text: 'export const breach = 1' },
  { what: 'a folder called common', file: 'src/client/common/table.ts', text: 'export const breach = 1' },
  {
    what: 'a second literal for a timer',
    file: 'src/host/agent/state.ts',
    text: 'export const breach = { onStopLimit: 300_000 }',
  },
  {
    what: 'a second literal for a timer, in ms',
    file: 'src/client/cli/follow.ts',
    text: 'export const settleTimeMs = 10_000',
  },
  {
    what: 'a timer by default',
    file: 'src/client/cli/follow.ts',
    text: 'export const breach = ({ drainLimit = 30_000 }) => drainLimit',
  },
  { what: 'a timer, computed', file: 'src/client/cli/follow.ts', text: 'export const roleReadyTimeout = 30 * 60_000' },
  {
    what: 'a function longer than a screen',
    file: 'src/client/cli/follow.ts',
    text: `export function breach() {\n${'  breach()\n'.repeat(70)}}`,
  },
  {
    what: 'a function with so many in it that nobody sees its end',
    file: 'src/machine/log.ts',
    text: `export const breach = () => {\n${'  const one = () => {\n    one()\n  }\n'.repeat(42)}}`,
  },
]

/** All of them; what is impure is tried in each kind of place. */
export const breaches: readonly Breach[] = [
  ...Object.entries(impure).flatMap(([what, text], at) =>
    [at, at + 3, at + 7].map((place) => ({ what, text, file: thinking[place % thinking.length] as string })),
  ),
  ...elsewhere,
]
