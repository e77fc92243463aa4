import type { ApplicationHost } from '../../service-model/application-host/application-host.ts'

/** One call of IISConfigurator, as a block of its log (G-18): its arguments, what it has set up, and how that ended. */
export function logBlock(
  word: string,
  at: string,
  { pools, sites }: Pick<ApplicationHost, 'pools' | 'sites'>,
  outcome: readonly string[],
): string {
  return [
    `[${at}] IISConfigurator ${word}`,
    ...pools.map(({ name }) => `  Application pool ${name}`),
    ...sites.flatMap(({ id, name, bindings, applications }) => [
      `  Site ${id} ${name}`,
      ...bindings.map(
        ({ protocol, address, port, hostHeader, certificate }) =>
          `    Binding ${protocol} ${address}:${port}:${hostHeader}${certificate ? ` with the certificate ${certificate}` : ''}`,
      ),
      ...applications.flatMap(({ path, directories }) =>
        directories.map(
          ({ path: below, physicalPath }) =>
            `    ${below === '/' ? `Application ${path}` : `Virtual directory ${below} of ${path}`} in ${physicalPath}`,
        ),
      ),
    ]),
    ...outcome.map((line) => `  ${line}`),
    '',
  ].join('\n')
}
