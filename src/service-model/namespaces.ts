/** Of .csdef, .csplugin and RoleModel.xml (service-model.md 1). */
export const definitionNamespace = 'http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition'

/** Of .cscfg. */
export const configurationNamespace = 'http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration'

/** Of .wadcfg and .wadcfgx (section 7). */
export const diagnosticsNamespace = 'http://schemas.microsoft.com/ServiceHosting/2010/10/DiagnosticsConfiguration'
