import { child, childrenOf, childText, xml } from '../../kernel/xml.ts'
import type { RoleDefinition } from '../definition.ts'
import { readXmlPart, xmlDocument } from './xml-part.ts'

/** Content of a role's SupportData stream: for information only (package-format.md 2.5). */
export interface SupportData {
  readonly sdkVersion: string
  readonly imports: readonly string[]
}

/** `SupportData/Web/1.0`. */
export function streamPath(stream: 'RequiredFeatures' | 'SupportedOSes' | 'SupportData', role: string): string {
  return `${stream}/${role}/1.0`
}

export function readSupportData(part: string, text: string): SupportData {
  const root = readXmlPart(part, text, 'SupportData')
  const imports = childrenOf(child(root, 'Imports'), 'Import')
  return {
    sdkVersion: childText(root, 'SDKVersion') ?? '',
    imports: imports.map(({ attributes }) => attributes.moduleName ?? ''),
  }
}

/** The three streams of a role, text by path. `role` is the role as its author wrote it, plug-ins not expanded. */
export function writeNamedStreams(role: RoleDefinition, sdkVersion: string): Readonly<Record<string, string>> {
  const { entryPoint } = role.runtime
  const framework = entryPoint?.kind === 'NetFx' ? (entryPoint.targetFrameworkVersion ?? '') : ''
  const feature = framework === '' ? undefined : framework.startsWith('v4') ? 'NetFx40' : 'NetFx35'
  return {
    [streamPath('RequiredFeatures', role.name)]: xmlDocument(
      xml('RequiredFeatures', { version: '1.0' }, feature && xml('Feature', { name: feature, version: 0 })),
    ),
    // 3 and 4: the values of the SDKs 2.2 and 2.9; no reader depends on it.
    [streamPath('SupportedOSes', role.name)]: xmlDocument(
      xml(
        'SupportedOsFamilies',
        { version: '1.0' },
        [3, 4].map((name) => xml('OsFamily', { name, version: 0 })),
      ),
    ),
    [streamPath('SupportData', role.name)]: xmlDocument(
      xml('SupportData', { version: '1.0' }, [
        xml('SDKVersion', {}, sdkVersion),
        xml('TargetFrameworkVersion', {}, framework),
        xml('HasElevatedEntrypoint', {}, pascal(role.runtime.executionContext === 'elevated')),
        xml(
          'HasElevatedStartupTaskInCsdef',
          {},
          pascal(role.tasks.some((task) => task.executionContext === 'elevated')),
        ),
        xml(
          'Imports',
          {},
          role.imports.map((moduleName) => xml('Import', { moduleName })),
        ),
      ]),
    ),
  }
}

function pascal(flag: boolean): 'True' | 'False' {
  return flag ? 'True' : 'False'
}
