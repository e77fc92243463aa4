/** The configuration of the benchmark service with the wanted instance counts. */
export function configuration(counts: Readonly<Record<string, number>>): string {
  const roles = Object.entries(counts).map(
    ([role, count]) => `  <Role name="${role}"><Instances count="${count}" /></Role>`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<ServiceConfiguration serviceName="Bench" osFamily="6" osVersion="*" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">
${roles.join('\n')}
</ServiceConfiguration>
`
}
