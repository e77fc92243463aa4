/** What is looked at of an instance. */
interface Standing {
  readonly name: string
  readonly status: string
  /** `…Last exit time: [2026/01/01, 00:00:00.000]. Last exit code: 1.` (T-7) */
  readonly details: string
  /** Ready for settleTime. */
  readonly hasSettled: boolean
}

/** The failures of instances while we wait for them. */
interface Failures {
  /** Records the states of the instances. True when one has failed as often as the fabric's recycleThreshold (U-37), so that waiting is of no use. */
  see(instances: readonly Standing[], recycleThreshold: number): boolean
  /** Instances that have not been Ready for settleTime, with their guest's last message about a failure. */
  words(instances: readonly Standing[]): string
}

export function watchFailures(): Failures {
  const runs = new Map<string, ReadonlySet<string>>()
  const said = new Map<string, string>()
  return {
    see(instances, recycleThreshold) {
      for (const instance of instances) {
        const { name, details } = instance
        const run = failedRun(instance)
        if (run !== undefined) runs.set(name, new Set(runs.get(name)).add(run))
        if (hasFailed(instance)) said.set(name, details)
      }
      return instances.some(({ name }) => (runs.get(name)?.size ?? 0) >= recycleThreshold)
    },
    words: (instances) =>
      instances
        .filter(({ hasSettled }) => !hasSettled)
        .map(({ name, status, details }) => {
          const failure = said.get(name) ?? details
          if (failure !== details) return `${name} is ${status} again, and had failed before (${failure})`
          const short = status === 'ReadyRole' ? ', but not for long enough yet' : ''
          return `${name} is ${status}${short}${details === '' ? '' : ` (${details})`}`
        })
        .join('; '),
  }
}

/** What distinguishes a failed run from the one before. */
function failedRun(instance: Standing): string | undefined {
  const exit = /Last exit time: \[([^\]]*)\]/.exec(instance.details)?.[1]
  return exit ?? (hasFailed(instance) ? instance.details : undefined)
}

/** Between two attempts the details name the failure; during one they show its progress. */
function hasFailed({ status }: Standing): boolean {
  return status === 'CyclingRole' || status.startsWith('FailedStarting')
}
