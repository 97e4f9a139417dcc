import { ConflictException, NotFoundException, PreconditionFailedException } from '@nestjs/common';

export class LabProductNotFound extends NotFoundException {
  constructor() {
    super('There is no product with this id.', { errorCode: 'product_not_found' });
  }
}

export class LabCategoryNotFound extends NotFoundException {
  constructor() {
    super('There is no category with this id.', { errorCode: 'category_not_found' });
  }
}

export class SkuTaken extends ConflictException {
  constructor() {
    super('There is another product with this SKU.', { errorCode: 'sku_taken' });
  }
}

export class NameTaken extends ConflictException {
  constructor() {
    super('There is another one with this name.', { errorCode: 'name_taken' });
  }
}

export class LabCategoryInUse extends ConflictException {
  constructor() {
    super('There are products of this category.', { errorCode: 'category_in_use' });
  }
}

export class LabTagNotFound extends NotFoundException {
  constructor() {
    super('There is no tag with this id.', { errorCode: 'tag_not_found' });
  }
}

export class OutOfStock extends ConflictException {
  constructor() {
    super('There are not so many of the product.', { errorCode: 'out_of_stock' });
  }
}

export class OtherStatus extends PreconditionFailedException {
  constructor() {
    super('The product has another status.', { errorCode: 'other_status' });
  }
}
