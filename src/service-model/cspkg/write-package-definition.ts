import { xml } from '../../kernel/xml.ts'
import {
  type LayoutFile,
  type PackageDefinition,
  packageNamespace,
  productVersionKey,
  rolePrefix,
} from './package-definition.ts'
import { xmlDocument } from './xml-part.ts'

/** `package.xml`, elements in the strict order of package-format.md 3. */
export function writePackageDefinition(definition: PackageDefinition): string {
  const metadata = xml('KeyValuePair', {}, [
    xml('Key', {}, productVersionKey),
    xml('Value', {}, definition.productVersion),
  ])
  const contents = definition.contents.map(({ name, lengthBytes, hash, dataStorePath }) =>
    xml('ContentDefinition', {}, [
      xml('Name', {}, name),
      xml('ContentDescription', {}, [
        xml('LengthInBytes', {}, lengthBytes),
        xml('IntegrityCheckHashAlgortihm', {}, hash === undefined ? 'None' : 'Sha256'),
        xml('IntegrityCheckHash', {}, hash),
        xml('DataStorePath', {}, dataStorePath),
      ]),
    ]),
  )
  const layouts = definition.layouts.map(({ role, files }) =>
    xml('LayoutDefinition', {}, [
      xml('Name', {}, `${rolePrefix}${role}`),
      xml('LayoutDescription', {}, files.map(writeFile)),
    ]),
  )
  return xmlDocument(
    xml('PackageDefinition', { xmlns: packageNamespace, 'xmlns:i': 'http://www.w3.org/2001/XMLSchema-instance' }, [
      xml('PackageMetaData', {}, metadata),
      xml('PackageContents', {}, contents),
      xml('PackageLayouts', {}, layouts),
    ]),
  )
}

function writeFile({ filePath, content, created, modified }: LayoutFile) {
  return xml('FileDefinition', {}, [
    xml('FilePath', {}, filePath),
    xml('FileDescription', {}, [
      xml('DataContentReference', {}, content),
      xml('CreatedTimeUtc', {}, created),
      xml('ModifiedTimeUtc', {}, modified),
      xml('ReadOnly', {}, false),
    ]),
  ])
}
