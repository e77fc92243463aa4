import type { RoleDefinition, ServiceDefinition, Site } from '../definition.ts'
import { fault, type Notes, warn } from '../document/notes.ts'
import { spelledAmong } from '../spelling.ts'

/** Sites and their bindings (2.11). */
export function checkSites(notes: Notes, definition: ServiceDefinition): void {
  for (const role of definition.roles) {
    if (role.kind !== 'WebRole') continue
    if (!role.sites) warn(notes, role, `WebRole ${role.name} has no Sites; it runs as hosted web core over approot.`)
    if (!role.inputEndpoints.some((endpoint) => endpoint.protocol === 'http'))
      warn(notes, role, `WebRole ${role.name} has no http InputEndpoint.`)
    checkRole(notes, role, role.sites ?? [])
  }
}

function checkRole(notes: Notes, role: RoleDefinition, sites: readonly Site[]): void {
  const endpoints = new Set([...role.inputEndpoints, ...role.internalEndpoints].map((endpoint) => endpoint.name))
  const siteNames = new Set<string>()
  const addresses = new Set<string>()
  for (const site of sites) {
    // The web server compares their names ignoring case.
    const siteName = site.name.toLowerCase()
    if (siteNames.has(siteName)) fault(notes, site, `role ${role.name} has two sites called ${site.name}.`)
    siteNames.add(siteName)
    const bindingNames = new Set<string>()
    const own = new Set<string>()
    for (const binding of site.bindings) {
      // Nine revisions of a public service have two of a name or two that are equal, and ran.
      if (bindingNames.has(binding.name))
        warn(notes, binding, `site ${site.name} has two bindings called ${binding.name}.`)
      bindingNames.add(binding.name)
      if (!endpoints.has(binding.endpointName))
        fault(
          notes,
          binding,
          `binding ${binding.name} of site ${site.name} names the endpoint ${binding.endpointName}, which is no input or internal endpoint of role ${role.name}.${spelledAmong(binding.endpointName, endpoints)}`,
        )
      const address = `${binding.endpointName} ${binding.hostHeader?.toLowerCase() ?? ''}`
      const tell = own.has(address) ? warn : fault
      if (addresses.has(address))
        tell(
          notes,
          binding,
          `binding ${binding.name} of site ${site.name} has the same endpoint and host header as another binding of role ${role.name}.`,
        )
      own.add(address)
      addresses.add(address)
    }
  }
}
