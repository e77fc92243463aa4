/** WaIISHost: the host process of a full-IIS web role's entry point, beside which w3wp runs its sites (I-15, I-17, I-18). */
import { runEntryPoint } from '../worker-host/run-entry-point.ts'

await runEntryPoint('WaIISHost')
