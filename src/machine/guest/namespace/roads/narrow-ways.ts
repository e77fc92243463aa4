import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { roadsPort } from '../../../cluster/ports.ts'
import { runTool } from '../tool.ts'
import { type PlannedRoad, wrappingBytes } from './road-plan.ts'

/** What IPv4 and UDP add to a datagram. */
const headerBytes = 28

/** How long routers have to say that a packet is too long, in milliseconds: some thousands of kilometres. Origin: choice. */
const answerMs = 300

/**
 * The roads, those over routers with packets no longer than these have let through, and in sentences which of them are narrower than the link of this
 * machine, or lead nowhere. It sends one packet as long as they might be that must not be divided; what routers answer stands in the kernel's routes.
 */
export async function narrowWays(
  roads: readonly PlannedRoad[],
): Promise<{ readonly roads: readonly PlannedRoad[]; readonly troubles: readonly string[] }> {
  const wrapped = roads.filter((road) => road.wrapped)
  if (wrapped.length === 0) return { roads, troubles: [] }
  await sendLong(wrapped)
  const troubles: string[] = []
  const found = new Map<PlannedRoad, number>()
  for (const road of wrapped) {
    const way = await runTool('ip', ['-json', 'route', 'get', road.address]).catch(() => undefined)
    if (way === undefined) troubles.push(`This machine has no route to ${road.address}, the machine of ${road.name}.`)
    const passing = (way === undefined ? undefined : mtuIn(way)) ?? Number.POSITIVE_INFINITY
    if (passing - wrappingBytes >= road.mtu) continue
    found.set(road, passing - wrappingBytes)
    troubles.push(
      `Routers on the way to ${road.address}, the machine of ${road.name}, let packets of ${passing} bytes pass, where the link of this machine takes ${road.mtu + wrappingBytes}; guests send none longer than ${passing - wrappingBytes}.`,
    )
  }
  return { roads: roads.map((road) => ({ ...road, mtu: found.get(road) ?? road.mtu })), troubles }
}

/** The longest packet that routers let through, in what ip says of a route; undefined when none has said any. */
export function mtuIn(text: string): number | undefined {
  const [route] = JSON.parse(text) as readonly { readonly metrics?: readonly { readonly mtu?: number }[] }[]
  return route?.metrics?.find(({ mtu }) => mtu !== undefined)?.mtu
}

/** To a port where the other's kernel drops what is not wrapped. Who cannot be reached is another's affair. */
async function sendLong(roads: readonly PlannedRoad[]): Promise<void> {
  const socket = createSocket('udp4')
  socket.on('error', () => {})
  socket.bind(0)
  await once(socket, 'listening')
  for (const { address, mtu } of roads)
    socket.send(Buffer.alloc(mtu + wrappingBytes - headerBytes), roadsPort, address, () => {})
  await delay(answerMs)
  socket.close()
}
