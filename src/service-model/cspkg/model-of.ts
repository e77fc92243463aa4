import { own } from '../../kernel/own.ts'
import { objections } from '../check/xpaths.ts'
import type { RoleDefinition, ServiceDefinition } from '../definition.ts'
import { readDefinition } from '../read-definition.ts'
import { readRoleModel } from '../read-role-model.ts'
import type { Reading } from '../reading.ts'
import type { RoleModel } from '../role-model.ts'
import type { ServiceModel } from '../service-model.ts'
import { readSupportData } from './named-streams.ts'
import { readElevatedCertificates, storedName } from './runtime-setup.ts'

/** A text part of the package and the name to use in messages. */
export interface TextPart {
  readonly name: string
  readonly text: string
}

/** A package's description of one role, besides its files. */
export interface RoleParts {
  readonly roleModel: TextPart
  readonly runtimeSetup?: TextPart | undefined
  readonly supportData?: TextPart | undefined
  /** Content of `__entrypoint.txt`. */
  readonly entryPointFile?: string | undefined
  readonly contents: { readonly files: number; readonly bytes: number }
}

/** A package that was opened and verified: the same for both layouts. */
export interface PackageParts {
  readonly kind: ServiceModel['packageKind']
  readonly definition: TextPart
  /** From the relationship or package.xml; '' when neither states it. */
  readonly productVersion: string
  /** By role name, as the `.rd` lists them. */
  readonly roles: Readonly<Record<string, RoleParts>>
}

/**
 * The service model of a package (package-format.md 5.3): roles and resources from the packaged definition, startup,
 * runtime and sites from each RoleModel, certificate permissions from RuntimeSetup, imports from the streams.
 * Errors name the part. Throws Refusal when RuntimeSetup or a stream is not readable XML.
 */
export function modelOf(parts: PackageParts): Reading<ServiceModel> {
  // Packages of SDKs newer than our schema must still run (F-26), so unknown parts of them are warnings.
  const definition = readDefinition(parts.definition.text, {
    file: parts.definition.name,
    packaged: true,
    lenient: true,
  })
  const roleModels = Object.entries(parts.roles).map(([role, { roleModel }]) => readNamedRoleModel(role, roleModel))
  const warnings = [definition, ...roleModels].flatMap((reading) => reading.warnings)
  const errors = [definition, ...roleModels].flatMap((reading) => reading.errors)
  if (definition.value) errors.push(...differentRoles(definition.value, Object.keys(parts.roles)))
  const { value } = definition
  for (const { value: model } of roleModels) {
    const role = value?.roles.find(({ name }) => name === model?.name)
    const found = role && model ? objections(withStreams(role, own(parts.roles, role.name) as RoleParts), model) : []
    errors.push(...found.filter(({ isFatal }) => isFatal).map(({ text }) => text))
    warnings.push(...found.filter(({ isFatal }) => !isFatal).map(({ text }) => text))
  }
  if (errors.length > 0 || !value) return { errors, warnings }

  const supportData = Object.values(parts.roles).flatMap(({ supportData }) => supportData ?? [])
  const statedVersion = supportData.map(({ name, text }) => readSupportData(name, text).sdkVersion).find(Boolean)
  return {
    value: {
      definition: {
        ...value,
        roles: value.roles.map((role) => withStreams(role, own(parts.roles, role.name) as RoleParts)),
      },
      roleModels: Object.fromEntries(roleModels.flatMap(({ value }) => (value ? [[value.name, value]] : []))),
      sdkVersion: parts.productVersion || statedVersion || '',
      packageKind: parts.kind,
      entryPointFiles: Object.fromEntries(
        Object.entries(parts.roles).flatMap(([role, { entryPointFile }]) =>
          entryPointFile ? [[role, entryPointFile.trim()]] : [],
        ),
      ),
      contents: Object.fromEntries(Object.entries(parts.roles).map(([role, { contents }]) => [role, contents])),
    },
    errors,
    warnings,
  }
}

function readNamedRoleModel(role: string, { name, text }: TextPart): Reading<RoleModel> {
  const reading = readRoleModel(text, { file: name })
  if (!reading.value || reading.value.name === role) return reading
  const error = `${name}: it describes the role "${reading.value.name}", but stands in the package of the role "${role}".`
  return { errors: [...reading.errors, error], warnings: reading.warnings }
}

/** Role sets of definition, .rd and role packages must be equal (5.3). */
function differentRoles(definition: ServiceDefinition, packaged: readonly string[]): readonly string[] {
  const defined = definition.roles.map(({ name }) => name)
  return [
    ...defined
      .filter((role) => !packaged.includes(role))
      .map((role) => `The role "${role}" is defined, but the package holds no content for it.`),
    ...packaged
      .filter((role) => !defined.includes(role))
      .map((role) => `The package holds content for the role "${role}", which is not defined.`),
  ]
}

function withStreams(role: RoleDefinition, { runtimeSetup, supportData }: RoleParts): RoleDefinition {
  const elevated = runtimeSetup ? readElevatedCertificates(runtimeSetup.name, runtimeSetup.text) : new Set<string>()
  const isElevated = (certificate: string) =>
    role.certificates.some((_, index) => elevated.has(storedName(index, certificate)))
  return {
    ...role,
    imports: supportData ? readSupportData(supportData.name, supportData.text).imports : role.imports,
    certificates: role.certificates.map((certificate) => ({
      ...certificate,
      permissionLevel: isElevated(certificate.name) ? 'elevated' : 'limitedOrElevated',
    })),
  }
}
