import { commonTypes, contentTypesPart, writeContentTypes } from '../../service-model/cspkg/content-types.ts'
import type { ContentDefinition, RoleLayout } from '../../service-model/cspkg/package-definition.ts'
import { partName } from '../../service-model/cspkg/part-path.ts'
import { relationshipsPart, relationshipTypes, writeRelationships } from '../../service-model/cspkg/relationships.ts'
import { writePackageDefinition } from '../../service-model/cspkg/write-package-definition.ts'
import { writeServiceContract } from '../../service-model/cspkg/write-service-contract.ts'
import { writeServiceModel } from '../../service-model/cspkg/write-service-model.ts'
import { writePackagedDefinition } from '../../service-model/write-definition.ts'
import { measure } from './measure.ts'
import { type Bench, made } from './nested-zip.ts'
import type { MeasuredFile, PackContent } from './pack-content.ts'
import { toolVersion } from './tool-version.ts'
import { writeZip, type ZipItem } from './write-zip.ts'

/** Writes the 2012-03-15 layout (package-format.md 3) to `file`: equal files are stored once. */
export async function write2012(file: string, content: PackContent, bench: Bench): Promise<void> {
  const service = await serviceParts(content, bench)
  const local = localParts(content, bench)
  const contents = [...service, ...local.values()]
  const layouts = content.roles.map(
    ({ role, files }): RoleLayout => ({ role: role.name, files: files.map((one) => layoutFile(one, bench)) }),
  )
  const packageXml = writePackageDefinition({
    productVersion: toolVersion,
    contents: contents.map(({ definition }) => definition),
    layouts,
  })
  const relationships = writeRelationships([
    { type: relationshipTypes.packageDefinition, target: '/package.xml', id: 'PackageDefinition', external: true },
  ])
  const octets = 'application/octet-stream'
  const defaults = { csdef: octets, rd: octets, rdsc: octets, '0': octets, xml: octets, rels: commonTypes.rels }
  const overrides = Object.fromEntries(local.values().map(({ item }) => [item.name, octets]))
  await writeZip(file, [
    made('package.xml', packageXml, bench),
    ...contents.map(({ item }) => item),
    made(relationshipsPart, relationships, bench),
    made(contentTypesPart, writeContentTypes(defaults, overrides), bench),
  ])
}

interface ContentPart {
  readonly definition: ContentDefinition
  readonly item: ZipItem
}

async function serviceParts(
  { base, definition, roles, streams }: PackContent,
  bench: Bench,
): Promise<readonly ContentPart[]> {
  // No role package exists in this layout; the link is the layout's name.
  const software = Object.fromEntries(roles.map(({ role }) => [role.name, `Roles/${role.name}`]))
  const content = JSON.stringify(roles.map(({ files }) => files.map(({ path, sha256 }) => [path, sha256])))
  const guid = (purpose: string) => bench.stamp.guid(`${purpose} ${content}`)
  const texts = {
    [`ServiceDefinition/${base}.csdef`]: writePackagedDefinition(definition),
    [`ServiceDefinition/${base}.rd`]: writeServiceModel(definition, { base, software, guid }),
    [`ServiceDefinition/${base.toLowerCase()}.rdsc`]: writeServiceContract(definition),
    ...Object.fromEntries(Object.entries(streams).map(([path, text]) => [`NamedStreams/${path}`, text])),
  }
  return Promise.all(
    Object.entries(texts).map(async ([path, text]) => {
      const item = made(partName(path), text, bench)
      return { item, definition: contentDefinition(item.name, await measure(item)) }
    }),
  )
}

function localParts({ roles }: PackContent, bench: Bench): ReadonlyMap<string, ContentPart> {
  const parts = new Map<string, ContentPart>()
  const programs = new Set(roles.flatMap(({ files }) => files.filter(({ isProgram }) => isProgram).map(localName)))
  for (const file of roles.flatMap(({ files }) => files)) {
    const name = localName(file)
    const { source, sha256, modifiedMs } = file
    if (!parts.has(name))
      parts.set(name, {
        item: { name, source, sha256, timeMs: bench.stamp.timeMs(modifiedMs), isProgram: programs.has(name) },
        definition: contentDefinition(name, file),
      })
  }
  return parts
}

function localName({ sha256 }: Pick<MeasuredFile, 'sha256'>): string {
  return `LocalContent/${sha256.slice(0, 32)}`
}

function contentDefinition(
  name: string,
  { sha256, sizeBytes }: Pick<MeasuredFile, 'sha256' | 'sizeBytes'>,
): ContentDefinition {
  return { name, lengthBytes: sizeBytes, hash: Buffer.from(sha256, 'hex').toString('base64'), dataStorePath: name }
}

function layoutFile(file: MeasuredFile, { stamp }: Bench) {
  const time = new Date(stamp.timeMs(file.modifiedMs)).toISOString()
  return { filePath: `\\${file.path.replaceAll('/', '\\')}`, content: localName(file), created: time, modified: time }
}
