// The words of OAI-PMH 2.0 (http://www.openarchives.org/OAI/openarchivesprotocol.html), for the provider and the harvester.

export const oaiNamespace = 'http://www.openarchives.org/OAI/2.0/'

export const verbs = [
  'Identify',
  'ListMetadataFormats',
  'ListSets',
  'GetRecord',
  'ListIdentifiers',
  'ListRecords',
] as const
export type Verb = (typeof verbs)[number]

/** Section 3.6, Error and Exception Conditions. */
export type OaiErrorCode =
  | 'badArgument'
  | 'badResumptionToken'
  | 'badVerb'
  | 'cannotDisseminateFormat'
  | 'idDoesNotExist'
  | 'noRecordsMatch'
  | 'noMetadataFormats'
  | 'noSetHierarchy'

export interface MetadataFormat {
  metadataPrefix: string
  schema: string
  metadataNamespace: string
}

export const oaiDc: MetadataFormat = {
  metadataPrefix: 'oai_dc',
  schema: 'http://www.openarchives.org/OAI/2.0/oai_dc.xsd',
  metadataNamespace: 'http://www.openarchives.org/OAI/2.0/oai_dc/',
}

export const edm: MetadataFormat = {
  metadataPrefix: 'edm',
  schema: 'http://www.europeana.eu/schemas/edm/EDM.xsd',
  metadataNamespace: 'http://www.europeana.eu/schemas/edm/',
}

/** Addresses of the schemas of the containers in Identify and about. */
export const containers = {
  oaiIdentifier: {
    namespace: 'http://www.openarchives.org/OAI/2.0/oai-identifier',
    schema: 'http://www.openarchives.org/OAI/2.0/oai-identifier.xsd',
  },
  friends: {
    namespace: 'http://www.openarchives.org/OAI/2.0/friends/',
    schema: 'http://www.openarchives.org/OAI/2.0/friends.xsd',
  },
  branding: {
    namespace: 'http://www.openarchives.org/OAI/2.0/branding/',
    schema: 'http://www.openarchives.org/OAI/2.0/branding.xsd',
  },
  rights: {
    namespace: 'http://www.openarchives.org/OAI/2.0/rights/',
    schema: 'http://www.openarchives.org/OAI/2.0/rights.xsd',
  },
  rightsManifest: {
    namespace: 'http://www.openarchives.org/OAI/2.0/rights/',
    schema: 'http://www.openarchives.org/OAI/2.0/rightsManifest.xsd',
  },
  provenance: {
    namespace: 'http://www.openarchives.org/OAI/2.0/provenance',
    schema: 'http://www.openarchives.org/OAI/2.0/provenance.xsd',
  },
} as const
