import type { RoleParts, TextPart } from '../../service-model/cspkg/model-of.ts'
import { pathKey } from '../../service-model/cspkg/part-path.ts'
import { damaged } from '../../service-model/cspkg/refusal.ts'
import { runtimeSetupFile } from '../../service-model/cspkg/runtime-setup.ts'
import type { PackageLimits } from './limits.ts'
import { readText } from './save-part.ts'
import type { RoleFile } from './unpack-role.ts'

/** The texts among a role's files that its model is made of. Throws Refusal when RoleModel.xml is absent; `origin` names the role package. */
export async function rolePartsOf(
  origin: string,
  files: readonly RoleFile[],
  contents: RoleParts['contents'],
  limits: PackageLimits,
): Promise<RoleParts> {
  const read = async (path: string): Promise<TextPart | undefined> => {
    const file = files.find((candidate) => pathKey(candidate.path) === pathKey(path))
    return file && { name: `${origin}/${file.path}`, text: await readText(file.part, file.hash, limits) }
  }
  const roleModel = await read('RoleModel.xml')
  if (!roleModel) throw damaged(`${origin}/RoleModel.xml`, 'is absent')
  const runtimeSetup = await read(runtimeSetupFile)
  const entryPoint = await read('__entrypoint.txt')
  return { roleModel, runtimeSetup, entryPointFile: entryPoint?.text, contents }
}
