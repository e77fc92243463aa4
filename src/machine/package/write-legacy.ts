import {
  commonTypes,
  contentTypesPart,
  roleContentTypes,
  writeContentTypes,
} from '../../service-model/cspkg/content-types.ts'
import { fileTime } from '../../service-model/cspkg/file-time.ts'
import { hashOfNothing, type ManifestItem, notEncrypted, writeManifest } from '../../service-model/cspkg/manifest.ts'
import { partName } from '../../service-model/cspkg/part-path.ts'
import { relationshipsPart, relationshipTypes, writeRelationships } from '../../service-model/cspkg/relationships.ts'
import { requiredSettings } from '../../service-model/cspkg/required-settings.ts'
import { writeServiceContract } from '../../service-model/cspkg/write-service-contract.ts'
import { writeServiceModel } from '../../service-model/cspkg/write-service-model.ts'
import { writePackagedDefinition } from '../../service-model/write-definition.ts'
import { type Bench, made, manifestOf, type NestedZip, writeNested } from './nested-zip.ts'
import type { PackContent, PackedRole } from './pack-content.ts'
import { toolVersion } from './tool-version.ts'
import { writeZip, type ZipItem } from './write-zip.ts'

/** Writes the legacy layout (package-format.md 2.1 and 6) to `file`. The directory of `bench` holds its nested ZIPs meanwhile. */
export async function writeLegacy(file: string, content: PackContent, bench: Bench): Promise<void> {
  const cssx: NestedZip[] = []
  for (const role of content.roles) cssx.push(await writeRole(role, bench))
  const software = Object.fromEntries(
    content.roles.map(({ role }, index) => [role.name, (cssx[index] as NestedZip).name]),
  )
  const csmx = await writeModelZip(content, software, bench)
  const csdx = await writeDefinitionZip(content, bench)
  const csnsx = await writeStreams(content, bench)
  await writeOuter(file, { cssx, csmx, csdx, csnsx, streams: Object.keys(content.streams) }, bench)
}

async function writeOuter(
  file: string,
  parts: { cssx: readonly NestedZip[]; csmx: NestedZip; csdx: NestedZip; csnsx: NestedZip; streams: readonly string[] },
  bench: Bench,
): Promise<void> {
  const { cssx, csmx, csdx, csnsx, streams } = parts
  const items = [...cssx, csmx, csdx, csnsx].map(({ name, sha256 }) => ({
    name,
    hash: sha256.toUpperCase(),
    uri: `/${partName(name)}`,
  }))
  const manifest = writeManifest({ keyType: notEncrypted, items, namedStreams: streams })
  const manifestName = `${bench.stamp.guid(manifest)}.csman`
  const required = (Id: string, target: string) => ({
    type: relationshipTypes.required,
    target: `/${partName(target)}`,
    id: Id,
  })
  const relationships = writeRelationships([
    required('SERVICEMODEL', csmx.name),
    required('SERVICEDESCRIPTION', csdx.name),
    required('NAMEDSTREAMPACKAGE', csnsx.name),
    required('MANIFEST', manifestName),
    {
      type: relationshipTypes.productVersion,
      target: `http://schemas.microsoft.com:80/ServiceHosting/2009/10/UAR/ProductVersion#${toolVersion}`,
      id: `R${bench.stamp.guid(`product version ${manifest}`).replaceAll('-', '').slice(0, 16)}`,
      external: true,
    },
  ])
  const types = {
    cssx: 'binary/software',
    csmx: 'user/user',
    rels: commonTypes.rels,
    csdx: 'user/user',
    csnsx: 'user/user',
    csman: commonTypes.csman,
  }
  const nested = ({ name, file }: NestedZip): ZipItem => ({
    name: partName(name),
    source: file,
    timeMs: bench.nowMs,
    stored: true,
  })
  await writeZip(file, [
    ...cssx.map(nested),
    nested(csmx),
    { ...made(relationshipsPart, relationships, bench), stored: true },
    nested(csdx),
    nested(csnsx),
    made(manifestName, manifest, bench),
    made(contentTypesPart, writeContentTypes(types), bench),
  ])
}

async function writeRole({ role, files }: PackedRole, bench: Bench): Promise<NestedZip> {
  const items = files.map(({ path, sha256, modifiedMs }): ManifestItem => {
    const time = fileTime(bench.stamp.timeMs(modifiedMs))
    const name = `\\${path.replaceAll('/', '\\')}`
    return { name, hash: sha256.toUpperCase(), uri: `/${partName(path)}`, created: time, modified: time }
  })
  const entries = files.map(({ path, source, modifiedMs, sha256, isProgram = false }) => ({
    name: partName(path),
    source,
    timeMs: bench.stamp.timeMs(modifiedMs),
    sha256,
    isProgram,
  }))
  const manifest = { keyType: notEncrypted, items, namedStreams: [] }
  const types = (manifestName: string) =>
    roleContentTypes(
      entries.map(({ name }) => name),
      manifestName,
    )
  return writeNested(`${role.name}_`, 'cssx', { entries, manifest, relationship: undefined, types }, bench)
}

async function writeDefinitionZip({ base, definition }: PackContent, bench: Bench): Promise<NestedZip> {
  const csdef = made(partName(`${base}.csdef`), writePackagedDefinition(definition), bench)
  const types = () => writeContentTypes({ csdef: 'text/servicedescription', ...commonTypes })
  const manifest = { ...(await manifestOf([csdef])), ...requiredSettings(definition) }
  return writeNested(
    'SDPackage_',
    'csdx',
    { entries: [csdef], manifest, relationship: ['SERVICEDESCRIPTION', csdef.name], types },
    bench,
  )
}

async function writeModelZip(
  { base, definition }: PackContent,
  software: Readonly<Record<string, string>>,
  bench: Bench,
): Promise<NestedZip> {
  const guid = (purpose: string) => bench.stamp.guid(`${purpose} ${JSON.stringify(software)}`)
  const rd = made(partName(`${base}.rd`), writeServiceModel(definition, { base, software, guid }), bench)
  const rdsc = made(partName(`${base.toLowerCase()}.rdsc`), writeServiceContract(definition), bench)
  const types = () => writeContentTypes({ rd: 'text/servicemodel', rdsc: 'text/servicecontract', ...commonTypes })
  const manifest = { ...(await manifestOf([rd, rdsc])), ...requiredSettings(definition) }
  return writeNested(
    'SMPackage_',
    'csmx',
    { entries: [rd, rdsc], manifest, relationship: ['SERVICEMODEL', rd.name], types },
    bench,
  )
}

async function writeStreams({ streams }: PackContent, bench: Bench): Promise<NestedZip> {
  const entries = Object.entries(streams).map(([path, text]) => made(partName(path), text, bench))
  const listed = await manifestOf(entries)
  const manifest = { ...listed, items: listed.items.map((item) => ({ ...item, hash: hashOfNothing })) }
  const types = () => writeContentTypes({ '0': 'user/user', ...commonTypes })
  return writeNested('NamedStreamPackage_', 'csnsx', { entries, manifest, relationship: undefined, types }, bench)
}
