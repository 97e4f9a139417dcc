export const JSON_TYPE = 'application/json';
export const FORM = 'application/x-www-form-urlencoded';
