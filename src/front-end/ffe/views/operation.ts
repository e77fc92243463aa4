import type { OperationRecord } from '../../../fabric/contract/commands.ts'

/** The status of an operation, its ID as a GUID (O-3). */
export function statusOfRecord(record: OperationRecord) {
  return {
    id: record.id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    status: record.status,
    httpStatusCode: record.httpStatus,
    error: record.error && { code: record.error.code, message: record.error.message },
  }
}

/** An entry of List Subscription Operations (S-2). Its parameters were selected when it was requested (parameters.ts). */
export function subscriptionOperationOf(record: OperationRecord) {
  return {
    id: record.id,
    objectId: record.objectId,
    name: record.name,
    parameters: Object.entries(record.parameters ?? {}).map(([name, value]) => ({ name, value })),
    caller: {
      usedServiceManagementApi: true,
      certificateThumbprint: record.caller.thumbprint,
      clientIP: record.caller.clientAddress,
    },
    status: statusOfRecord(record),
    startedTime: record.startedAt,
    completedTime: record.completedAt,
  }
}
