import type { Service } from './answers.ts'

/** Those of these instances (keys) that should run and are not Ready, as `Web_IN_0 of shop is BusyRole (Starting role...)`. */
export function notBack(instances: readonly string[], services: readonly Service[]): readonly string[] {
  return services.flatMap(({ name: service, deployments }) =>
    deployments
      .filter(({ status }) => !status.startsWith('Suspend'))
      .flatMap((deployment) =>
        deployment.instances
          .filter(({ name, status }) => status !== 'ReadyRole' && instances.includes(`${deployment.id}.${name}`))
          .map(({ name, status, details }) => `${name} of ${service} is ${status}${details && ` (${details})`}`),
      ),
  )
}
