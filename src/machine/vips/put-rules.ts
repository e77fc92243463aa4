import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tables } from '../guest/namespace/tables.ts'
import { runTool } from '../guest/namespace/tool.ts'
import { machinesRules, type SegmentPlan, segmentRules, vipTableOf } from './segment-rules.ts'

/** The rules of this machine, and where it is noted which are in force. */
export interface RulesPlace {
  /** The b of the fabric's 127.b.0.0/16. */
  readonly network: number
  readonly directory: string
  readonly plan: SegmentPlan
}

/** Puts the rules in force. Those that are already stay: they know who held the VIPs before; false: it was so. */
export async function putRules({ network, directory, plan }: RulesPlace): Promise<boolean> {
  const table = vipTableOf(network)
  const wanted = segmentRules(table, plan)
  const noted = join(directory, 'rules.nft')
  const isThere = (await tables()).includes(table)
  if (isThere && textOf(noted) === wanted) return false
  await runTool('nft', ['-f', '-'], `${isThere ? `delete table ip ${table}\n` : ''}${wanted}`)
  writeFileSync(noted, wanted)
  return true
}

/** Adverts are believed of these alone, by their addresses. */
export async function setMachines({ network }: RulesPlace, machines: readonly string[]): Promise<void> {
  await runTool('nft', ['-f', '-'], machinesRules(vipTableOf(network), machines))
}

export async function removeRules({ network }: RulesPlace): Promise<void> {
  if ((await tables()).includes(vipTableOf(network)))
    await runTool('nft', ['delete', 'table', 'ip', vipTableOf(network)])
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
