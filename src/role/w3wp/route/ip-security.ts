import { BlockList, isIP } from 'node:net'
import type { Effective } from '../../../service-model/web-config/schema.ts'
import type { sections } from '../../../service-model/web-config/sections.ts'
import { type Refusal, refusal } from './refusal.ts'

type IpSecurity = Effective<(typeof sections)['security/ipSecurity']>

const answers = {
  Unauthorized: [401, 0],
  Forbidden: [403, 6],
  NotFound: [404, 0],
} as const

/** Why `ipSecurity` refuses a client; `abort` when it gets no answer. The first entry that fits decides; names of domains are not looked up. */
export function refusedAddress(address: string, section: IpSecurity): Refusal | 'abort' | undefined {
  const entry = section.items.find(({ ipAddress, subnetMask }) => fits(address, ipAddress, subnetMask))
  if (entry?.allowed ?? section.allowUnlisted) return undefined
  if (section.denyAction === 'AbortRequest') return 'abort'
  const [status, subStatus] = answers[section.denyAction]
  return refusal(status, subStatus, `The address ${address} is not let in.`)
}

function fits(address: string, ipAddress: string, mask: string): boolean {
  const version = isIP(ipAddress)
  if (version === 0 || isIP(address) !== version) return false
  const list = new BlockList()
  const prefix = prefixOf(mask, version === 4 ? 32 : 128)
  if (prefix === undefined) return false
  list.addSubnet(ipAddress, prefix, version === 4 ? 'ipv4' : 'ipv6')
  return list.check(address, version === 4 ? 'ipv4' : 'ipv6')
}

/** `255.255.255.0` or `24`; undefined when it is neither. */
function prefixOf(mask: string, most: number): number | undefined {
  if (/^\d{1,3}$/.test(mask)) return Number(mask) <= most ? Number(mask) : undefined
  if (isIP(mask) !== 4) return undefined
  if (most === 128) return mask === '255.255.255.255' ? most : undefined
  const bits = mask
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('')
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined
}
