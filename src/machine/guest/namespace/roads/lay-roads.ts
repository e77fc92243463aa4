import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WantedRoads } from '../../driver.ts'
import { forward } from '../forwarding.ts'
import type { GuestNetwork } from '../guest-network.ts'
import { interfaces, turnOn } from '../network.ts'
import { tables } from '../tables.ts'
import { runTool } from '../tool.ts'
import { barrierTroubles } from './barriers.ts'
import { machineLinks } from './machine-links.ts'
import { narrowWays } from './narrow-ways.ts'
import { type PlannedRoad, planRoads, type RoadPlan } from './road-plan.ts'
import { forwardingEntries, hardwareAddress, laying, makingOverlay } from './road-routes.ts'
import { roadRules, withoutRoads } from './road-rules.ts'
import { routedBy } from './routed.ts'

/** Lays the roads that are wanted and takes all others away; again it changes nothing. What passes on a road that stays is not disturbed. */
export async function layRoads(network: GuestNetwork, wanted: WantedRoads): Promise<RoadPlan> {
  const links = wanted.roads.length > 0 ? await machineLinks(network.fabricLinks) : []
  const plan = planRoads(network, wanted.address, wanted.roads, links)
  const { roads, troubles } = plan
  if (wanted.roads.length === 0) await takeRoadsAway(network)
  // What was laid stays until it can be laid anew: a link that is down may be up again.
  if (roads.length === 0) return plan
  // Who may come is settled before anybody can.
  await runTool('nft', ['-f', '-'], roadRules(network, roads, wanted.peers))
  await settleOverlay(network, wanted.address as string, roads)
  await runTool('ip', ['-batch', '-'], laying(network, roads))
  await removeOthers(network, roads)
  await forward([...new Set(roads.map(({ link }) => link))].filter((link) => link !== network.overlay))
  const narrow = await narrowWays(roads)
  if (narrow.troubles.length > 0) await settleOverlay(network, wanted.address as string, narrow.roads)
  return {
    roads: narrow.roads,
    troubles: [...troubles, ...narrow.troubles, ...(await barrierTroubles(network))],
  }
}

/** Takes all roads of the machine away, and what was made for them; quietly nothing when there are none. */
export async function takeRoadsAway(network: GuestNetwork): Promise<void> {
  const { overlay, machine, fabricSubnet } = network
  // It is made before the routes: who was interrupted between them has left it alone.
  if (linkExists(overlay)) await runTool('ip', ['link', 'delete', overlay])
  if (!hasRoads(network)) return
  const removals = (await routesTo(network)).map(({ subnet }) => `route delete ${subnet}\n`)
  const rest = `address replace ${machine}/32 dev lo\naddress delete ${machine}/32 dev lo\n`
  await runTool('ip', ['-batch', '-'], `${removals.join('')}${rest}route delete unreachable ${fabricSubnet}\n`)
  // A table of roads alone would be taken for that of the guests, which somebody has cleared.
  if ((await tables()).includes(network.name)) await runTool('nft', ['-f', '-'], withoutRoads(network))
}

/** Whether each of these roads has its route: a link that went down has taken its own with it. And the routes that are none of the fabric's. */
export function groundOfRoads(
  { fabric }: GuestNetwork,
  roads: readonly PlannedRoad[],
): { readonly stands: boolean; readonly beside: string } {
  const routed = routedBy(readFileSync('/proc/net/route', 'utf8'))
  const stands = roads.every(({ subnet, link }) => routed.get(subnet) === link)
  const beside = [...routed].filter(([subnet]) => !subnet.startsWith(`10.${fabric}.`))
  return { stands, beside: beside.join(' ') }
}

/** The route of the whole fabric is made with its first road and removed with its last. */
function hasRoads({ fabricSubnet }: GuestNetwork): boolean {
  return routedBy(readFileSync('/proc/net/route', 'utf8')).has(fabricSubnet)
}

/** The interface for wrapped packets, as these roads need it: with the MTU of the longest that fit, from this address; none for none. */
async function settleOverlay(network: GuestNetwork, address: string, roads: readonly PlannedRoad[]): Promise<void> {
  const { overlay } = network
  const wrapped = roads.filter((road) => road.wrapped)
  if (linkExists(overlay) && (wrapped.length === 0 || (await overlayAddress(network)) !== address))
    await runTool('ip', ['link', 'delete', overlay])
  if (wrapped.length === 0) return
  if (!linkExists(overlay)) await runTool('ip', ['-batch', '-'], makingOverlay(network, address))
  turnOn('ipv6', overlay, 'disable_ipv6')
  await runTool('ip', ['link', 'set', overlay, 'mtu', String(Math.min(...wrapped.map(({ mtu }) => mtu))), 'up'])
  turnOn('ipv4', overlay, 'forwarding')
  await runTool('bridge', ['-batch', '-'], forwardingEntries(network, wrapped))
}

async function overlayAddress({ overlay }: GuestNetwork): Promise<string | undefined> {
  const [shown] = JSON.parse(await runTool('ip', ['-json', '-details', 'link', 'show', overlay])) as readonly {
    readonly linkinfo?: { readonly info_data?: { readonly local?: string } }
  }[]
  return shown?.linkinfo?.info_data?.local
}

/** Removes routes and entries of machines that are gone. */
async function removeOthers(network: GuestNetwork, roads: readonly PlannedRoad[]): Promise<void> {
  const { overlay, subnet: own } = network
  const kept = new Set([own, network.fabricSubnet, ...roads.map(({ subnet }) => subnet)])
  const routes = (await routesTo(network)).filter(({ subnet }) => !kept.has(subnet))
  if (routes.length > 0)
    await runTool('ip', ['-batch', '-'], routes.map(({ subnet }) => `route delete ${subnet}\n`).join(''))
  if (!linkExists(overlay)) return
  const present = new Set(roads.filter((road) => road.wrapped).map((road) => hardwareAddress(road.machine)))
  const entries = JSON.parse(await runTool('bridge', ['-json', 'fdb', 'show', 'dev', overlay])) as readonly {
    readonly mac?: string
    readonly dst?: string
  }[]
  for (const { mac, dst } of entries)
    if (mac !== undefined && dst !== undefined && !present.has(mac))
      await runTool('bridge', ['fdb', 'delete', mac, 'dev', overlay, 'dst', dst, 'self'])
}

/** The routes to subnets of other machines. */
async function routesTo({ fabricSubnet }: GuestNetwork): Promise<readonly { readonly subnet: string }[]> {
  const routes = JSON.parse(
    (await runTool('ip', ['-json', 'route', 'show', 'root', fabricSubnet])) || '[]',
  ) as readonly {
    readonly dst?: string
    readonly gateway?: string
  }[]
  return routes.flatMap(({ dst, gateway }) => (dst !== undefined && gateway !== undefined ? [{ subnet: dst }] : []))
}

function linkExists(link: string): boolean {
  return existsSync(join(interfaces, link))
}
