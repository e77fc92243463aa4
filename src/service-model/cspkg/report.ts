import { own } from '../../kernel/own.ts'
import type { EntryPoint } from '../definition.ts'
import type { ServiceModel } from '../service-model.ts'

/** A reader's report about a package (package-format.md 5.4). */
export interface PackageReport {
  readonly kind: ServiceModel['packageKind']
  readonly service: string
  /** '' when the package states none. */
  readonly sdkVersion: string
  readonly roles: readonly RoleReport[]
  readonly warnings: readonly string[]
}

export interface RoleReport {
  readonly name: string
  readonly type: 'WebRole' | 'WorkerRole'
  readonly size: string
  /** Command line, assembly or module; undefined: none, as in web roles without code of their own. */
  readonly entryPoint?: string | undefined
  /** Command lines in the order in which they run. */
  readonly tasks: readonly string[]
  readonly plugins: readonly string[]
  /** The unpacked part: the vendor's files are verified and left out. */
  readonly files: number
  readonly bytes: number
}

export function reportOf(model: ServiceModel, warnings: readonly string[]): PackageReport {
  const roles = model.definition.roles.map(({ name, kind, vmSize, imports }) => {
    const roleModel = own(model.roleModels, name)
    return {
      name,
      type: kind,
      size: vmSize,
      entryPoint: entryPointText(roleModel?.runtime.entryPoint) ?? own(model.entryPointFiles, name),
      tasks: roleModel?.tasks.map(({ commandLine }) => commandLine) ?? [],
      plugins: imports,
      files: own(model.contents, name)?.files ?? 0,
      bytes: own(model.contents, name)?.bytes ?? 0,
    }
  })
  const { packageKind, sdkVersion, definition } = model
  return { kind: packageKind, service: definition.name, sdkVersion, roles, warnings }
}

function entryPointText(entryPoint: EntryPoint | undefined): string | undefined {
  return entryPoint?.kind === 'Program' ? entryPoint.commandLine : entryPoint?.assemblyName
}
