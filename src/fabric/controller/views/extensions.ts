import type { Extension } from '../../contract/extension.ts'
import type { Views } from '../../contract/views.ts'
import { extensionsOf } from '../belongings/extensions.ts'
import { findService } from '../state/find.ts'
import type { ExtensionRecord } from '../state/records.ts'
import type { FabricState } from '../state/state.ts'

/** 11.1: never the private configuration, sealed or not. */
export function extensionsView(
  state: FabricState,
  { subscriptionId, service }: Views['extensions']['ask'],
): readonly Extension[] | null {
  const found = findService(state, subscriptionId, service)
  if (!found.ok) return null
  return extensionsOf(state, found.value.name.toLowerCase()).map(shown)
}

function shown({ id, providerNamespace, type, version, ...more }: ExtensionRecord): Extension {
  const { thumbprint, thumbprintAlgorithm, publicConfiguration } = more
  return { id, providerNamespace, type, version, thumbprint, thumbprintAlgorithm, publicConfiguration }
}
