// JSON Schema 2020-12 and OpenAPI 3.1, as far as this API speaks them. https://spec.openapis.org/oas/v3.1.0

export interface Schema {
  type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'
  description?: string
  enum?: readonly string[]
  const?: string
  format?: 'uri' | 'date-time'
  pattern?: string
  default?: number
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  maxItems?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  $ref?: string
}

export interface Response {
  description: string
  headers?: Record<string, { description: string; schema: Schema }>
  content?: Record<string, { schema: Schema }>
}

export interface Operation {
  operationId: string
  summary: string
  description?: string
  parameters: {
    name: string
    in: 'path' | 'query'
    required?: boolean
    description: string
    schema: Schema
    explode?: boolean
  }[]
  requestBody?: { required: true; content: Record<string, { schema: Schema }> }
  responses: Record<string, Response | { $ref: string }>
}

export interface OpenApi {
  openapi: '3.1.0'
  info: { title: string; version: string; summary: string; contact: { email: string } }
  servers: { url: string }[]
  security: Record<string, string[]>[]
  paths: Record<string, { get?: Operation; post?: Operation }>
  components: {
    schemas: Record<string, Schema>
    responses: Record<string, Response>
    securitySchemes: Record<string, { type: 'http'; scheme: 'bearer'; description: string }>
  }
}

/** An object of exactly these properties; a name that ends in `?` may be missing. */
export function object(properties: Record<string, Schema>, description?: string): Schema {
  const entries = Object.entries(properties)
  return {
    type: 'object',
    ...(description !== undefined && { description }),
    properties: Object.fromEntries(
      entries.map(([name, schema]) => [name.replace(/\?$/, ''), schema]),
    ),
    required: entries.map(([name]) => name).filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  }
}

export const listOf = (items: Schema, description?: string): Schema => ({
  type: 'array',
  items,
  ...(description !== undefined && { description }),
})

export const text = (description?: string): Schema => ({
  type: 'string',
  ...(description !== undefined && { description }),
})

export const address = (description?: string): Schema => ({
  type: 'string',
  format: 'uri',
  ...(description !== undefined && { description }),
})

export const count = (description?: string): Schema => ({
  type: 'integer',
  minimum: 0,
  ...(description !== undefined && { description }),
})

export const named = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
