import assert from 'node:assert/strict'
import type { ServiceConfiguration } from '../../src/service-model/configuration.ts'
import type { ServiceDefinition } from '../../src/service-model/definition.ts'
import { readConfiguration } from '../../src/service-model/read-configuration.ts'
import { readDefinition } from '../../src/service-model/read-definition.ts'
import type { Reading } from '../../src/service-model/reading.ts'

/** A .csdef called Shop around roles and other children of the root. */
export function csdef(content: string, attributes = ''): string {
  return `<ServiceDefinition name="Shop" ${attributes} xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition">${content}</ServiceDefinition>`
}

export function worker(content = '', attributes = 'name="Worker"'): string {
  return `<WorkerRole ${attributes}>${content}</WorkerRole>`
}

/** A web role with an http endpoint, bound to one site. */
export function web(content = '', attributes = 'name="Web"'): string {
  return `<WebRole ${attributes}>
    <Sites><Site name="Main"><Bindings><Binding name="Http" endpointName="Http" /></Bindings></Site></Sites>
    <Endpoints><InputEndpoint name="Http" protocol="http" port="80" /></Endpoints>${content}</WebRole>`
}

/** A worker role with these endpoints. */
export function workerWith(endpoints: string, attributes?: string): string {
  return worker(`<Endpoints>${endpoints}</Endpoints>`, attributes)
}

/** A .cscfg for Shop around roles and other children of the root. */
export function cscfg(content: string, attributes = 'serviceName="Shop"'): string {
  return `<ServiceConfiguration ${attributes} xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">${content}</ServiceConfiguration>`
}

export function definitionOf(content: string, attributes?: string): ServiceDefinition {
  return valueOf(readDefinition(csdef(content, attributes)))
}

export function configurationOf(content: string, attributes?: string): ServiceConfiguration {
  return valueOf(readConfiguration(cscfg(content, attributes)))
}

/** The value of a reading without errors. */
export function valueOf<Value>(reading: Reading<Value>): Value {
  assert.deepEqual(reading.errors, [])
  assert.ok(reading.value)
  return reading.value
}
