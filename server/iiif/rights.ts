// `rights` of Presentation 3 allows the statements that machines know, in their one form.
// https://iiif.io/api/presentation/3.0/#rights
export { canonicalRights as rightsAddress } from '../formats/rights.ts'
