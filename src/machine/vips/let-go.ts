import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { rangeText, readVipRange, vipsOf } from '../../fabric/contract/vip-range.ts'
import { openKeepalived } from './keepalived.ts'
import { linkOfAddress, removeAddresses, restoreLink } from './link.ts'
import type { VipHolderOptions } from './options.ts'
import { type RulesPlace, removeRules } from './put-rules.ts'

/** What a VipHolder that was killed has left: keepalived, which would hold the VIPs for ever, and what it needs. Quietly nothing when there is nothing. */
export async function letGo({
  address,
  network,
  vipRange,
  directory,
}: Pick<VipHolderOptions, 'address' | 'network' | 'vipRange' | 'directory'>): Promise<void> {
  const read = readVipRange(vipRange)
  const settingsFile = join(directory, 'link-settings.json')
  // They are written first and removed last.
  if (!read.ok || !existsSync(settingsFile)) return
  openKeepalived(directory).kill()
  const link = linkOfAddress(address)
  const rules = { network, directory, plan: { address, link, range: rangeText(read.value) } }
  await takeAway(rules, vipsOf(read.value), settingsFile)
}

/** Removes what keepalived needs, once it has ended. */
export async function takeAway(rules: RulesPlace, vips: readonly string[], settingsFile: string): Promise<void> {
  await removeAddresses(rules.plan.link, vips)
  await removeAddresses('lo', vips)
  await removeRules(rules)
  restoreLink(settingsFile)
  rmSync(settingsFile, { force: true })
}
