import { Socket as UdpSocket } from 'node:dgram'
import { type ListenOptions, Server } from 'node:net'

/** Ports that were moved, by the port that the program names. */
export type PortMap = Readonly<Record<number, number>>

/** `80=8080,443=8443`, as the bootstrapper writes it. */
export function readPortMap(text: string): PortMap {
  return Object.fromEntries(
    text
      .split(',')
      .filter((pair) => pair.includes('='))
      .map((pair) => pair.split('=').map(Number) as [number, number]),
  )
}

/** Addresses that mean every address of the machine. */
const everyAddress: ReadonlySet<unknown> = new Set([undefined, null, '', '0.0.0.0', '::', '::0'])

/** Makes a listen on all addresses a listen on `address`, and moves literal ports, for TCP and UDP servers of this process. */
export function listenOnInstanceAddress(address: string, moved: PortMap): void {
  rewriteArguments(Server.prototype, 'listen', (args) => listenArguments(args, address, moved))
  rewriteArguments(UdpSocket.prototype, 'bind', (args) => bindArguments(args, address, moved))
}

function rewriteArguments(
  prototype: object,
  method: string,
  rewrite: (args: readonly unknown[]) => readonly unknown[],
): void {
  const original = Reflect.get(prototype, method) as (...args: unknown[]) => unknown
  Reflect.set(prototype, method, function (this: unknown, ...args: unknown[]) {
    return Reflect.apply(original, this, rewrite(args))
  })
}

/** `listen(port, [host], [backlog], [callback])` and `listen(options, [callback])`; handles, pipes and descriptors pass. */
export function listenArguments(args: readonly unknown[], address: string, moved: PortMap): readonly unknown[] {
  const [first, ...rest] = args
  if (typeof first === 'object' && first !== null) {
    const options = first as ListenOptions
    if (options.port === undefined || !everyAddress.has(options.host)) return args
    return [{ ...options, port: movedPort(options.port, moved), host: address }, ...rest]
  }
  if (first !== undefined && !isPort(first)) return args
  const callback = rest.find((argument) => typeof argument === 'function')
  const named = typeof rest[0] === 'string' ? rest[0] : undefined
  const backlog = rest.find((argument) => typeof argument === 'number')
  const host = everyAddress.has(named) ? address : named
  const options = { port: movedPort(first ?? 0, moved), host, ...(backlog === undefined ? {} : { backlog }) }
  return callback ? [options, callback] : [options]
}

/** `bind([port], [address], [callback])` and `bind(options, [callback])`. */
function bindArguments(args: readonly unknown[], address: string, moved: PortMap): readonly unknown[] {
  const [first, ...rest] = args
  const callback = args.find((argument) => typeof argument === 'function')
  const options = typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : undefined
  if (options?.['fd'] !== undefined) return args
  const named = options ? options['address'] : rest.find((argument) => typeof argument === 'string')
  if (!everyAddress.has(named)) return args
  const port = movedPort(options ? options['port'] : isPort(first) ? first : 0, moved)
  const bound = { ...options, port, address }
  return callback ? [bound, callback] : [bound]
}

function movedPort(port: unknown, moved: PortMap): number {
  return moved[Number(port ?? 0)] ?? Number(port ?? 0)
}

/** A number, or a text of digits as an environment variable gives it; any other text is the path of a pipe. */
function isPort(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))
}
