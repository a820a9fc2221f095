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
export const oaiErrorCodes = [
  'badArgument',
  'badResumptionToken',
  'badVerb',
  'cannotDisseminateFormat',
  'idDoesNotExist',
  'noRecordsMatch',
  'noMetadataFormats',
  'noSetHierarchy',
] as const
export type OaiErrorCode = (typeof oaiErrorCodes)[number]

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

/** The namespace is that of the container, which DCMI leaves to applications; this one's schema includes DCMI's. */
export const dcterms: MetadataFormat = {
  metadataPrefix: 'dcterms',
  schema: 'http://worldcat.org/xmlschemas/qdc/1.0/qdc-1.0.xsd',
  metadataNamespace: 'http://worldcat.org/xmlschemas/qdc-1.0/',
}

export const oaiDatacite: MetadataFormat = {
  metadataPrefix: 'oai_datacite',
  schema: 'http://schema.datacite.org/oai/oai-1.1/oai.xsd',
  metadataNamespace: 'http://schema.datacite.org/oai/oai-1.1/',
}

export const oaiOpenaire: MetadataFormat = {
  metadataPrefix: 'oai_openaire',
  schema: 'https://www.openaire.eu/schema/repo-lit/4.0/openaire.xsd',
  metadataNamespace: 'http://namespace.openaire.eu/schema/oaire/',
}

export const mods: MetadataFormat = {
  metadataPrefix: 'mods',
  schema: 'http://www.loc.gov/standards/mods/v3/mods-3-8.xsd',
  metadataNamespace: 'http://www.loc.gov/mods/v3',
}

export const mets: MetadataFormat = {
  metadataPrefix: 'mets',
  schema: 'http://www.loc.gov/standards/mets/mets.xsd',
  metadataNamespace: 'http://www.loc.gov/METS/',
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
