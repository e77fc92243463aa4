import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { fine, type Result, refused } from '../../kernel/fault.ts'
import { missingPlugins } from '../../service-model/cspkg/missing-plugins.ts'
import { modelOf } from '../../service-model/cspkg/model-of.ts'
import { noSuchRole } from '../../service-model/cspkg/overlay.ts'
import { notAServicePackage, Refusal, tooMuch } from '../../service-model/cspkg/refusal.ts'
import { kindOf, readRelationships, relationshipsPart } from '../../service-model/cspkg/relationships.ts'
import { type PackageReport, reportOf } from '../../service-model/cspkg/report.ts'
import type { Finding } from '../../service-model/findings/finding.ts'
import type { ServiceModel } from '../../service-model/service-model.ts'
import { examineAssemblies } from './examine-assemblies.ts'
import { examineCommands } from './examine-commands.ts'
import { examineDiagnostics } from './examine-diagnostics.ts'
import { examineWebConfigs } from './examine-web-configs.ts'
import { type PackageLimits, sizeText } from './limits.ts'
import { type OpenedZip, openZip } from './open-zip.ts'
import type { PackageReading } from './package-reading.ts'
import type { Quarantine } from './quarantine.ts'
import { read2012 } from './read-2012.ts'
import { readLegacy } from './read-legacy.ts'
import { readOverlays } from './read-overlays.ts'
import { readText } from './save-part.ts'
import { roleRoot } from './unpack-role.ts'

/** A package that was accepted. */
export interface ReadPackage {
  readonly model: ServiceModel
  /** Of the package file, lower-case hexadecimal. */
  readonly sha256: string
  /** Role name → directory with its unpacked files, in the quarantine. */
  readonly roleRoots: Readonly<Record<string, string>>
  readonly report: PackageReport
  /** What will happen to its commands, libraries, Diagnostics configurations and `web.config`s; the model shows the rest. None if unpacked. */
  readonly findings: readonly Finding[]
}

/** Reads a package of either layout and unpacks its roles (package-format.md 5). Fault `BadRequest`; throws only for this machine's troubles. */
export async function readInto(quarantine: Quarantine, file: string): Promise<Result<ReadPackage>> {
  try {
    return fine(await read(quarantine, file))
  } catch (error) {
    if (error instanceof Refusal) return refused('BadRequest', error.message)
    throw error
  }
}

async function read(quarantine: Quarantine, file: string): Promise<ReadPackage> {
  const { limits } = quarantine
  await refuseAtSight(file, limits)
  const sha256 = await sha256Of(file)
  await using opened = new AsyncDisposableStack()
  const zip = opened.use(await openZip(file, '', limits))
  const readLayout = (await layoutOf(zip, limits)) === 'legacy' ? readLegacy : read2012
  const overlays = await readOverlays(zip, quarantine, opened)
  const { parts, files, warnings } = await readLayout(zip, quarantine, { overlays, opened })
  const stranger = overlays.roles.find((role) => !files.has(role))
  if (stranger !== undefined) throw noSuchRole(stranger, [...files.keys()])
  const model = modelOf(parts)
  if (!model.value) throw new Refusal(`The service model of the package is not valid. ${model.errors.join(' ')}`)
  const missing = missingPlugins(model.value, (role) => (files.get(role) ?? []).map(({ path }) => path))
  if (missing.length > 0) throw new Refusal(missing.join(' '))
  const findings = quarantine.verifiesOnly ? await examined(model.value, files) : []
  const roleRoots = Object.fromEntries(Object.keys(parts.roles).map((role) => [role, roleRoot(role, quarantine)]))
  const report = reportOf(model.value, [...warnings, ...model.warnings])
  return { model: model.value, sha256, roleRoots, report, findings }
}

async function examined(model: ServiceModel, files: PackageReading['files']): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const examine of [examineCommands, examineAssemblies, examineDiagnostics, examineWebConfigs])
    findings.push(...(await examine(model, files)))
  return findings
}

/** A file that begins like a ZIP and is none is a damaged package; anything else never was a package. */
async function refuseAtSight(file: string, limits: PackageLimits): Promise<void> {
  const { size } = await stat(file)
  if (size > limits.packageBytes) throw tooMuch('the package', `has ${sizeText(size)}`, sizeText(limits.packageBytes))
  if (size === 0) throw notAServicePackage('it is empty')
  await using handle = await open(file)
  const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0)
  if (buffer.toString('latin1') !== 'PK') throw notAServicePackage('it is no ZIP file')
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

async function layoutOf(zip: OpenedZip, limits: PackageLimits): Promise<ServiceModel['packageKind']> {
  const part = zip.parts.get(relationshipsPart)
  if (!part) throw notAServicePackage(`it is a ZIP without ${relationshipsPart}`)
  return kindOf(readRelationships(part.label, await readText(part, undefined, limits)))
}
