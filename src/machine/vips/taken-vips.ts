import { setTimeout as pause } from 'node:timers/promises'
import { runTool } from '../guest/namespace/tool.ts'
import { batch } from './link.ts'

/** How long an answer is waited for, in milliseconds; on a segment it takes one. Origin: choice. */
const answerMs = 800

interface Neighbour {
  readonly dst: string
  readonly lladdr?: string | undefined
}

/**
 * Asks the segment who has the VIPs, and answers with those at which some computer is that is none of the machines, with what was seen of it: by
 * address. The kernel asks; it does so although the VIPs are this machine's own, on `lo`.
 */
export async function takenVips(
  link: string,
  vips: readonly string[],
  machines: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const forget = vips.map((vip) => `neigh del ${vip} dev ${link}`)
  await batch(forget)
  await batch([...vips, ...machines].map((address) => `neigh replace ${address} dev ${link} use`))
  await pause(answerMs)
  const known = JSON.parse(await runTool('ip', ['-json', 'neigh', 'show', 'dev', link])) as readonly Neighbour[]
  await batch(forget)
  const ours = new Set(known.flatMap(({ dst, lladdr }) => (machines.includes(dst) && lladdr ? [lladdr] : [])))
  const asked = new Set(vips)
  return Object.fromEntries(
    known.flatMap(({ dst, lladdr }) =>
      asked.has(dst) && lladdr && !ours.has(lladdr) ? [[dst, `its hardware address is ${lladdr}`]] : [],
    ),
  )
}
