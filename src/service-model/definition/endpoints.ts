import type { Element } from '../../kernel/xml.ts'
import type { RoleDefinition } from '../definition.ts'
import type { Notes } from '../document/notes.ts'
import { checkShape, many, one } from '../document/shape.ts'
import { readInputEndpoint } from './input-endpoint.ts'
import { readInstanceInputEndpoint } from './instance-input-endpoint.ts'
import { readInternalEndpoint } from './internal-endpoint.ts'

type Endpoints = Pick<RoleDefinition, 'inputEndpoints' | 'internalEndpoints' | 'instanceInputEndpoints'>

/** `Endpoints` of a role or plug-in, and what web roles before SDK 1.3 wrote directly (2.3, 2.4). */
export function readEndpoints(notes: Notes, holder: Element): Endpoints {
  const container = one(notes, holder, 'Endpoints')
  if (container) checkShape(notes, container, { many: ['InputEndpoint', 'InternalEndpoint', 'InstanceInputEndpoint'] })
  const legacy = one(notes, holder, 'InputEndpoints')
  if (legacy) checkShape(notes, legacy, { many: ['InputEndpoint'] })
  const input = [...many(notes, legacy, 'InputEndpoint'), ...many(notes, container, 'InputEndpoint')]
  const internal = [...many(notes, holder, 'InternalEndpoint'), ...many(notes, container, 'InternalEndpoint')]
  const instance = many(notes, container, 'InstanceInputEndpoint')
  return {
    inputEndpoints: input.map((element) => readInputEndpoint(notes, element)),
    internalEndpoints: internal.map((element) => readInternalEndpoint(notes, element)),
    instanceInputEndpoints: instance.map((element) => readInstanceInputEndpoint(notes, element)),
  }
}
