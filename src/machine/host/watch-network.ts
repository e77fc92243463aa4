import type { Log } from '../../kernel/log.ts'
import type { GuestDriver } from '../guest/driver.ts'

/** How often the rules are looked for, which takes a program of the system. Origin: choice. */
const lookEveryMs = 2_000

/**
 * While it is needed, has what the guests of the host share made again where somebody has removed it, and tells when that has happened. Never ends.
 */
export function watchNetwork(
  { restore }: Pick<GuestDriver, 'restore'>,
  isNeeded: () => boolean,
  tell: () => void,
  log: Log,
): void {
  const look = async () => {
    if (!isNeeded() || !(await restore())) return
    log.warn('Somebody has cleared the rules of nft of this machine. Those of the guests are made again.')
    tell()
  }
  // One look at a time.
  const again = () => void look().then(wait, complain)
  const wait = () => void setTimeout(again, lookEveryMs).unref()
  let said = ''
  const complain = ({ message }: Error) => {
    if (message !== said) log.error(`What guests share is not as it should be: ${message}`)
    said = message
    wait()
  }
  wait()
}
