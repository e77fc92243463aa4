import { createHash } from 'node:crypto'
import { type RawEntry, rawZip } from './raw-zip.ts'

const required = 'http://schemas.microsoft.com/opc/2006/sample/required-resource'
const namespace = 'http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition'
const ctp = 'http://schemas.microsoft.com/windowsazure/PackageDefinition/Version/2012/03/15'

export const definition = `<ServiceDefinition name="shop" xmlns="${namespace}"><WorkerRole name="Worker"><LocalResources/><ConfigurationSettings/><Endpoints/><Certificates/></WorkerRole></ServiceDefinition>`

export const roleModel = `<RoleModel name="Worker" version="2.2.6492.2" xmlns="${namespace}"><Runtime protocolVersion="2011-03-08"><EntryPoint><ProgramEntryPoint commandLine="run.sh" setReadyOnProcessStart="true"/></EntryPoint></Runtime></RoleModel>`

/** What a test changes in an otherwise correct package with one worker role. */
export interface Changes {
  readonly definition?: string
  readonly roleModel?: string
  /** Added to the role package and to its manifest. */
  readonly roleFiles?: readonly RawEntry[]
  /** Added to the role package and to no manifest. */
  readonly unlisted?: readonly RawEntry[]
  readonly outer?: readonly RawEntry[]
  readonly keyType?: string
  /** Name of the role in the .rd. */
  readonly role?: string
  /** The manifest of the role package, after it was written. */
  readonly roleManifest?: (manifest: string) => string
}

/** A legacy package built by hand, independent of `pack` (package-format.md 2). */
export function legacyPackage(changes: Changes = {}): Buffer {
  const csdx = nested('SERVICEDESCRIPTION', [
    { name: 'ServiceDefinition.csdef', data: changes.definition ?? definition },
  ])
  const csmx = nested('SERVICEMODEL', [
    { name: 'ServiceDefinition.rd', data: rd(changes.role ?? 'Worker', 'Worker_1.cssx') },
  ])
  const files = [
    { name: 'RoleModel.xml', data: changes.roleModel ?? roleModel },
    { name: 'approot/run.sh', data: '#!/bin/sh\n' },
    ...(changes.roleFiles ?? []),
  ]
  const cssx = nested(undefined, files, changes)
  const parts = { 'Worker_1.cssx': cssx, 'SM.csmx': csmx, 'SD.csdx': csdx }
  const entries = Object.entries(parts).map(([name, data]) => ({ name, data }))
  return rawZip([
    ...entries,
    {
      name: '_rels/.rels',
      data: rels([
        ['SERVICEMODEL', '/SM.csmx'],
        ['SERVICEDESCRIPTION', '/SD.csdx'],
        ['MANIFEST', '/m.csman'],
      ]),
    },
    { name: 'm.csman', data: manifest(entries, changes.keyType) },
    ...(changes.outer ?? []),
  ])
}

function nested(id: string | undefined, files: readonly RawEntry[], changes: Changes = {}): Buffer {
  const own = id === undefined ? [] : [[id, `/${files[0]?.name}`] as const]
  const text = manifest(files)
  return rawZip([
    ...files,
    ...(changes.unlisted ?? []),
    { name: '_rels/.rels', data: rels([...own, ['MANIFEST', '/m.csman']]) },
    { name: 'm.csman', data: changes.roleManifest?.(text) ?? text },
  ])
}

function manifest(files: readonly RawEntry[], keyType = '1'): string {
  const items = files.map(
    ({ name, data = '' }) => `<Item name="${name}" hash="${sha256(data, 'hex').toUpperCase()}" uri="/${name}"/>`,
  )
  return `<PackageManifest version="2"><Encryption keytype="${keyType}"/><Contents hashtype="1">${items.join('')}</Contents><NamedStreams/></PackageManifest>`
}

function rels(links: readonly (readonly [id: string, target: string])[]): string {
  const lines = links.map(([id, target]) => `<Relationship Type="${required}" Target="${target}" Id="${id}"/>`)
  return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${lines.join('')}</Relationships>`
}

function rd(role: string, software: string): string {
  return `<serviceModel name="shop" xmlns="http://schemas.microsoft.com/dsltools/RDSM"><groups><group name="g"><components><groupHascomponents><role name="${role}" software="${software}"/></groupHascomponents></components></group></groups></serviceModel>`
}

function sha256(data: Buffer | string, encoding: 'hex' | 'base64'): string {
  return createHash('sha256').update(data).digest(encoding)
}

/** A file of the role in the 2012-03-15 layout; `content` undefined: its part is absent. */
export interface LayoutEntry {
  readonly path: string
  readonly content: string | undefined
  /** Another file's part, which holds the bytes of this one too. */
  readonly reference?: string
  readonly statedHash?: string
  readonly statedLength?: number
}

/** A 2012-03-15 package built by hand (package-format.md 3). */
export function flatPackage(files: readonly LayoutEntry[] = [{ path: '\\RoleModel.xml', content: roleModel }]): Buffer {
  const described = files.map((file, index) => ({ ...file, name: file.reference ?? `LocalContent/${index}` }))
  const contents = described
    .filter(({ reference }) => reference === undefined)
    .map(
      ({ name, content = '', statedHash, statedLength }) =>
        `<ContentDefinition><Name>${name}</Name><ContentDescription><LengthInBytes>${statedLength ?? content.length}</LengthInBytes><IntegrityCheckHashAlgortihm>Sha256</IntegrityCheckHashAlgortihm><IntegrityCheckHash>${statedHash ?? sha256(content, 'base64')}</IntegrityCheckHash><DataStorePath>${name}</DataStorePath></ContentDescription></ContentDefinition>`,
    )
  const layout = described.map(
    ({ path, name }) =>
      `<FileDefinition><FilePath>${path}</FilePath><FileDescription><DataContentReference>${name}</DataContentReference></FileDescription></FileDefinition>`,
  )
  const packageXml = `<PackageDefinition xmlns="http://schemas.microsoft.com/windowsazure"><PackageMetaData><KeyValuePair><Key>http://schemas.microsoft.com/windowsazure/ProductVersion/</Key><Value>1.8.31004.1351</Value></KeyValuePair></PackageMetaData><PackageContents>${contents.join('')}</PackageContents><PackageLayouts><LayoutDefinition><Name>Roles/Worker</Name><LayoutDescription>${layout.join('')}</LayoutDescription></LayoutDefinition><LayoutDefinition><Name>Other</Name><LayoutDescription/></LayoutDefinition></PackageLayouts></PackageDefinition>`
  return rawZip([
    { name: 'package.xml', data: packageXml },
    { name: 'ServiceDefinition/ServiceDefinition.csdef', data: definition },
    { name: 'ServiceDefinition/ServiceDefinition.rd', data: rd('Worker', 'Worker_1.cssx') },
    ...described.flatMap(({ name, content }) => (content === undefined ? [] : [{ name, data: content }])),
    {
      name: '_rels/.rels',
      data: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Type="${ctp}" Target="/package.xml" TargetMode="External" Id="R1"/></Relationships>`,
    },
  ])
}
