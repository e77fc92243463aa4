/** The text that the production service sends, word for word (service-management-api.md 6). */
export function quotaText(resource: string, limit: number, current: number, increment: number): string {
  return (
    `The subscription policy limit for resource type '${resource}' was exceeded. ` +
    `The limit for resource type '${resource}' is ${limit} per subscription, the current count is ${current}, ` +
    `and the requested increment is ${increment}.`
  )
}
