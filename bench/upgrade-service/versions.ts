import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const source = import.meta.dirname

export interface Version {
  /** Directory of the definition, as `reddog deploy` and `reddog upgrade` take it. */
  readonly directory: string
  readonly configuration: string
}

/** A version of the service below `root`; a broken one throws in OnStart. */
export function makeVersion(
  root: string,
  version: string,
  { instances, isBroken = false }: { readonly instances: number; readonly isBroken?: boolean },
): Version {
  const directory = join(root, `version-${version}`)
  mkdirSync(directory)
  for (const name of ['ServiceDefinition.csdef', 'Web'])
    cpSync(join(source, name), join(directory, name), { recursive: true })
  writeFileSync(
    join(directory, 'Web/version.mjs'),
    `export const version = '${version}'\nexport const isBroken = ${isBroken}\n`,
  )
  const configuration = join(directory, 'ServiceConfiguration.cscfg')
  writeFileSync(configuration, configurationOf(instances))
  return { directory, configuration }
}

function configurationOf(instances: number): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<ServiceConfiguration serviceName="Upgrade" osFamily="6" osVersion="*" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">
  <Role name="Web"><Instances count="${instances}" /></Role>
</ServiceConfiguration>
`
}
