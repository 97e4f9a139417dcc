import { ApiProperty } from '@nestjs/swagger';

export const PROBLEM_JSON = 'application/problem+json';

export class FieldProblem {
  @ApiProperty({ example: 'title' }) field!: string;
  @ApiProperty({ example: 'title must have 2 to 30 characters' }) message!: string;
}

/** How many problems of each code this process has answered. */
export const problemsAnswered = new Map<string, number>();

/** The body of every error: problem details of RFC 9457, with a stable `code` and the id of the request. */
export class Problem {
  @ApiProperty({ example: 'about:blank' }) type!: string;
  @ApiProperty({ example: 'Not Found' }) title!: string;
  @ApiProperty({ example: 404 }) status!: number;
  @ApiProperty({ example: 'There is no user with this user name.' }) detail!: string;
  @ApiProperty({ example: '/api/v1/users/ada' }) instance!: string;
  @ApiProperty({ example: 'user_not_found' }) code!: string;
  @ApiProperty({ example: '6f1c2a0e-9d0b-4c53-8a35-0f4c6b7f1d2e' }) request_id!: string;
  @ApiProperty({ type: [FieldProblem], required: false }) errors?: FieldProblem[];
}
