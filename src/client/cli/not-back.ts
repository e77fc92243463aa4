import type { Progress } from '../service-management/updates.ts'

/** A deployment, with how its instances stand. */
export interface Standing {
  readonly service: string
  /** 32 hexadecimal digits. */
  readonly id: string
  readonly progress: Progress
}

/**
 * Of these instances (keys) that should run: those that are not Ready, as `Web_IN_0 of shop is BusyRole (Starting role...)`, and
 * whether all the others have been Ready for settleTime.
 */
export function notBack(
  keys: readonly string[],
  deployments: readonly Standing[],
): { readonly notReady: readonly string[]; readonly haveSettled: boolean } {
  const wanted = deployments
    .filter(({ progress }) => !progress.status.startsWith('Suspend'))
    .flatMap(({ service, id, progress }) =>
      progress.instances.map((one) => ({ ...one, service, key: `${id}.${one.name}` })),
    )
    .filter(({ key }) => keys.includes(key))
  const isReady = ({ status }: { readonly status: string }) => status === 'ReadyRole'
  return {
    notReady: wanted
      .filter((one) => !isReady(one))
      .map(({ name, service, status, details }) => `${name} of ${service} is ${status}${details && ` (${details})`}`),
    haveSettled: wanted.filter(isReady).every(({ hasSettled }) => hasSettled),
  }
}
