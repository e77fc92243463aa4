import { readFileSync } from 'node:fs'
import { readVipRange } from '../../fabric/contract/vip-range.ts'
import { openPulse, type Pulse } from '../vips/pulse.ts'

/** The balancer's part in the VIPs that several machines share. */
export interface Vips extends Pick<Pulse, 'heard' | 'leave' | 'close'> {
  /** For its reports: VIPs at which other computers answer. */
  taken(): { readonly takenVips?: Readonly<Record<string, string>> }
}

/** `served`: the VIPs of the table in force; undefined before there is one. Throws a sentence when the range is none. */
export function openVips(
  { range, pulseFile, takenFile }: { readonly range: string; readonly pulseFile: string; readonly takenFile: string },
  served: () => readonly string[] | undefined,
): Vips {
  const read = readVipRange(range)
  if (!read.ok) throw new Error(read.fault.message)
  return {
    ...openPulse({ file: pulseFile, range: read.value, vips: served }),
    taken() {
      try {
        return { takenVips: JSON.parse(readFileSync(takenFile, 'utf8')) as Readonly<Record<string, string>> }
      } catch {
        // The VipHolder has not asked yet.
        return {}
      }
    },
  }
}
