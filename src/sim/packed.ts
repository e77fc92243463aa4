import type { Command } from '../fabric/contract/commands.ts'
import type { RoleModel } from '../service-model/role-model.ts'
import { configurationOf, packageOf, type SimulatedService } from './package.ts'
import type { Deployment } from './world.ts'

type Packed = ReturnType<typeof packageOf>

/** The packages that users have made. */
export interface PackedServices {
  /** Content of the Blob service, by address. */
  readonly blobs: Map<string, Packed>
  /** Puts a package into the Blob service. */
  pack(form: SimulatedService): { readonly packageUrl: string; readonly configuration: string }
  /** The same, and answers with the command that deploys it. */
  upload(form: SimulatedService, deployment: Deployment): Command
  /** All packages, by SHA-256; a package stays known when its blob is removed. */
  contentOf(sha256: string): SimulatedService | undefined
  modelOf(sha256: string, role: string): RoleModel | undefined
}

export function packedServices(): PackedServices {
  const blobs = new Map<string, Packed>()
  const made = new Map<string, { readonly form: SimulatedService; readonly packed: Packed }>()
  function pack(form: SimulatedService) {
    const packed = packageOf(form)
    const packageUrl = `http://blobs/packages/${form.name}-${packed.sha256.slice(0, 8)}.cspkg`
    blobs.set(packageUrl, packed)
    made.set(packed.sha256, { form, packed })
    return { packageUrl, configuration: configurationOf(form) }
  }
  return {
    blobs,
    pack,
    upload: (form, { service, slot, start }) => ({
      kind: 'createDeployment',
      service,
      slot,
      start,
      name: `${service}-${slot.toLowerCase()}`,
      label: '',
      ...pack(form),
      treatWarningsAsError: false,
      extendedProperties: {},
    }),
    contentOf: (sha256) => made.get(sha256)?.form,
    modelOf: (sha256, role) => made.get(sha256)?.packed.model.roleModels[role],
  }
}
