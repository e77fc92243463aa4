import { xml } from '../../kernel/xml.ts'
import type { ServiceDefinition } from '../definition.ts'
import { xmlDocument } from './xml-part.ts'

/** The `.rdsc`: one interface for each input endpoint (package-format.md 2.4). No reader needs it, every package has it. */
export function writeServiceContract(definition: ServiceDefinition): string {
  const interfaces = definition.roles.flatMap((role) =>
    role.inputEndpoints.map(({ name, protocol, port }) =>
      xml('interface', { name: `${role.name}:${name}`, url: `${protocol}://*:${port}` }),
    ),
  )
  return xmlDocument(
    xml(
      'serviceContract',
      {
        dslVersion: '1.0.0.0',
        name: `${definition.name}Contract`,
        xmlns: 'http://schemas.microsoft.com/dsltools/Contracts',
      },
      xml('elements', {}, interfaces),
    ),
  )
}
