import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeServiceContract } from '../../service-model/cspkg/write-service-contract.ts'
import { writeServiceModel } from '../../service-model/cspkg/write-service-model.ts'
import { writePackagedDefinition } from '../../service-model/write-definition.ts'
import type { PackContent } from './pack-content.ts'
import type { Stamp } from './stamp.ts'

/** Writes the layout directory of the emulator (package-format.md 4) into a directory that exists. */
export async function writeLayout(
  directory: string,
  { base, definition, roles }: PackContent,
  stamp: Stamp,
): Promise<void> {
  const rolePath = (role: string) => join(directory, 'roles', role)
  const software = Object.fromEntries(roles.map(({ role }) => [role.name, rolePath(role.name)]))
  await writeFile(join(directory, `${base}.csdef`), writePackagedDefinition(definition))
  await writeFile(join(directory, `${base}.rd`), writeServiceModel(definition, { base, software, guid: stamp.guid }))
  await writeFile(join(directory, `${base.toLowerCase()}.rdsc`), writeServiceContract(definition))
  for (const { role, files } of roles)
    for (const { path, source } of files) {
      const target = join(rolePath(role.name), path)
      await mkdir(dirname(target), { recursive: true })
      await (typeof source === 'string' ? copyFile(source, target) : writeFile(target, source))
    }
}
